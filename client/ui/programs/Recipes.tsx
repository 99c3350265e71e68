/** What to enter where: one tool at a time. */
import { useState } from "react"
import { hookAddress } from "../../core/hooks.ts"
import { NO_TOKEN, RECIPES, type RecipeId, recipeText } from "../../core/recipes.ts"
import { useApp } from "../context.ts"
import { Choice } from "../kit/Choice.tsx"
import { CodeBlock } from "../message/CodeBlock.tsx"

/** @param address null: it is not shown any more, and a word stands for its secret. */
export function Recipes({ address }: { address: string | null }) {
  const { t, ports } = useApp()
  const [id, setId] = useState<RecipeId>("curl")
  const options = RECIPES.map((recipe) => ({
    id: recipe.id,
    name: recipe.name ?? (recipe.id === "slack" ? t("recipes.slack") : t("recipes.discord")),
  }))
  return (
    <div className="recipe">
      <Choice label={t("recipes")} value={id} onChange={setId} options={options} />
      <p>{t(`recipes.where.${id}`)}</p>
      <CodeBlock text={recipeText(id, address ?? hookAddress(ports.origin, NO_TOKEN))} language="" />
      {address === null && <p className="field__hint">{t("recipes.token", { token: NO_TOKEN })}</p>}
    </div>
  )
}
