/** The keys of the tools, as rows of the list of all shortcuts. */
import { TOOLS } from "../../core/markup.ts"
import { useWords } from "../context.ts"
import { keyNames } from "../kit/keyNames.ts"
import { KEYS } from "./useTools.ts"

export function ToolKeys() {
  const t = useWords()
  return TOOLS.map((tool) => (
    <div key={tool} className="shortcuts__row">
      <dt>
        <kbd>{keyNames(KEYS[tool])}</kbd>
      </dt>
      <dd>{t(`tools.${tool}`)}</dd>
    </div>
  ))
}
