/** How a bot begins: one way at a time. */
import { useState } from "react"
import { roomFromPath } from "../../browser/places.ts"
import { BOT_RECIPES, type BotRecipeId, botRecipeText } from "../../core/botRecipes.ts"
import type { BotSecrets } from "../../core/bots.ts"
import { GENERAL } from "../../core/contract.ts"
import { useApp } from "../context.ts"
import { Choice } from "../kit/Choice.tsx"
import { CodeBlock } from "../message/CodeBlock.tsx"

/** @param shown null: nothing is shown any more, and words stand for the secrets. */
export function BotRecipes({ shown }: { shown: BotSecrets | null }) {
  const { t, ports } = useApp()
  const [id, setId] = useState<BotRecipeId>(shown?.token === "" ? "receiver" : "post")
  const options = BOT_RECIPES.map((each) => ({ id: each, name: t(`bots.recipe.${each}`) }))
  const place = { origin: ports.origin, room: roomFromPath(location.pathname), channel: shown?.channel || GENERAL }
  return (
    <div className="recipe">
      <Choice label={t("recipes")} value={id} onChange={setId} options={options} />
      <CodeBlock text={botRecipeText(id, place, shown?.token ?? "", shown?.secret ?? "")} language="" />
    </div>
  )
}
