/** The tools of a field for a message, which can be put away, in all fields: this browser remembers it. The keys work in any case. */
import { CaseSensitive } from "lucide"
import { memo, useState, useSyncExternalStore } from "react"
import type { ToolsProps } from "../composer/ToolsPlace.tsx"
import { useApp, useWords } from "../context.ts"
import { IconButton } from "../kit/IconButton.tsx"
import { useNarrow } from "../screen/useNarrow.ts"
import { Preview } from "./Preview.tsx"
import { ToolRow } from "./ToolRow.tsx"
import { useToolKeys } from "./useTools.ts"

export { ToolKeys } from "./ToolKeys.tsx"

/** As browser/look.ts reads it before anything is drawn, and says it of the page. */
const KEY = "tools"
const listeners = new Set<() => void>()

export const Tools = memo(function Tools({ area, channel, edits }: ToolsProps) {
  const t = useWords()
  const { shelf } = useApp().ports
  const narrow = useNarrow()
  const chosen = useSyncExternalStore(subscribe, choice)
  const [preview, setPreview] = useState(false)
  const shown = chosen === undefined ? !narrow : chosen === "on"
  useToolKeys(area)
  const toggle = () => {
    const next = shown ? "off" : "on"
    shelf.set(KEY, next)
    document.documentElement.dataset[KEY] = next
    for (const listener of listeners) listener()
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
        {shown && (
          <ToolRow
            area={area}
            pollsIn={edits === undefined ? channel : null}
            preview={preview}
            onPreview={() => setPreview(!preview)}
          />
        )}
      </div>
      {shown && preview && <Preview channel={channel} edits={edits} />}
    </>
  )
})

const choice = () => document.documentElement.dataset[KEY]

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
