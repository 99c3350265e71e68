/** The name of a file, shortened where there is no room for it: never its ending, which says what it is. */
import { inTwo } from "../../core/files/names.ts"
import { useWords } from "../context.ts"
import { untranslated } from "../kit/untranslated.ts"
import { nameOf } from "./altOf.ts"

export function FileName({ name }: { readonly name: string }) {
  const t = useWords()
  const shown = nameOf(t, name)
  const [stem, ending] = inTwo(shown)
  return (
    <bdi className="file-name" title={shown} ref={untranslated}>
      <span className="file-name__stem">{stem}</span>
      <span>{ending}</span>
    </bdi>
  )
}
