/** A part that nobody asked for, in its place on the page: nothing is said while it has not come. */
import type { ReactNode } from "react"
import { type Part, useQuietPart } from "./part.ts"

interface QuietProps<P> {
  readonly part: Part<P>
  readonly props: P
  /** Asked for whenever this becomes true; what has come stays. */
  readonly due?: boolean
  readonly meanwhile?: ReactNode
}

export function Quiet<P extends object>({ part, props, due = true, meanwhile = null }: QuietProps<P>) {
  const { Ready } = useQuietPart(part, due)
  return Ready ? <Ready {...props} /> : meanwhile
}
