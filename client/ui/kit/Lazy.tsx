/** Parts that are downloaded when first shown. Without a network a part says so and can be tried again. */
import { useEffect, useRef } from "react"
import { useWords } from "../context.ts"
import { Button } from "./Button.tsx"
import { type Part, usePart } from "./part.ts"

export interface LazyProps<P> {
  readonly part: Part<P>
  readonly props: P
}

/** A part in its place on the page. */
export function Lazy<P extends object>({ part: wanted, props }: LazyProps<P>) {
  const { Ready, ...waiting } = usePart(wanted)
  return Ready === null ? <Waiting {...waiting} /> : <Ready {...props} />
}

interface WaitingProps {
  readonly failures: number
  readonly busy: boolean
  readonly retry: () => void
}

export function Waiting({ failures, busy, retry }: WaitingProps) {
  const t = useWords()
  const place = useRef<HTMLDivElement>(null)
  // It was asked for a moment ago: the keys should find what there is to do about it. Not in the middle of a sentence.
  useEffect(() => {
    const text = (document.activeElement as HTMLTextAreaElement | null)?.value // what is no field has none
    if (failures > 0 && !text) place.current?.querySelector("button")?.focus()
  }, [failures])
  if (failures === 0) return <p role="status">{t("loading")}</p>
  return (
    <div ref={place} className="waiting">
      <p key={failures} role="alert">
        {t("part.failed")}
      </p>
      <Button busy={busy} onClick={retry}>
        {t("retry")}
      </Button>
    </div>
  )
}
