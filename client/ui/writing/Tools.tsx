/** The tools of the composer, which can be put away: this browser remembers it. The keys work in any case. */
import { CaseSensitive } from "lucide"
import { memo, useState } from "react"
import type { ToolsProps } from "../composer/ToolsPlace.tsx"
import { useApp, useWords } from "../context.ts"
import { IconButton } from "../kit/IconButton.tsx"
import { useNarrow } from "../screen/useNarrow.ts"
import { Preview } from "./Preview.tsx"
import { ToolRow } from "./ToolRow.tsx"
import { useToolKeys } from "./useTools.ts"

/** As browser/look.ts reads it before anything is drawn. */
const KEY = "tools"

export const Tools = memo(function Tools({ area, channel }: ToolsProps) {
  const t = useWords()
  const { shelf } = useApp().ports
  const narrow = useNarrow()
  const [chosen, setChosen] = useState(() => shelf.get(KEY))
  const [preview, setPreview] = useState(false)
  const shown = chosen === null ? !narrow : chosen === "on"
  useToolKeys(area)
  const toggle = () => {
    const next = shown ? "off" : "on"
    shelf.set(KEY, next)
    document.documentElement.dataset["tools"] = next
    setChosen(next)
  }
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the text must not lose the focus, nor its keyboard on glass */}
      <div
        className="tools"
        onMouseDown={(event) => event.target instanceof HTMLInputElement || event.preventDefault()}
      >
        <IconButton
          icon={CaseSensitive}
          name={t(shown ? "tools.hide" : "tools.show")}
          expanded={shown}
          onClick={toggle}
        />
        {shown && <ToolRow area={area} channel={channel} preview={preview} onPreview={() => setPreview(!preview)} />}
      </div>
      {shown && preview && <Preview channel={channel} />}
    </>
  )
})
