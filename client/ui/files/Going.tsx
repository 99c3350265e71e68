/** How far one file of a message is on its way to the server. */
import type { Files } from "../../core/files/types.ts"
import { useWords } from "../context.ts"
import { useTransfer } from "./engine.ts"
import { percent } from "./sizes.ts"

export function Going({ engine, id }: { readonly engine: Files; readonly id: string }) {
  const t = useWords()
  const { sent = 0, total = 1 } = useTransfer(engine, id) ?? {}
  const part = sent / Math.max(total, 1)
  return (
    <span className="going" aria-hidden="true">
      <span className="going__part">{percent(t, part)}</span>
      <progress className="going__bar" value={part} />
    </span>
  )
}
