/** Where the tools of the composer stand once they have come; styles/composer.css keeps the room for them. */
import type { RefObject } from "react"
import type { Said } from "../../core/protocol.ts"
import { useQuietPart, whenIdle } from "../kit/part.ts"
import { tools } from "../writing/parts.ts"

export interface ToolsProps {
  readonly area: RefObject<HTMLTextAreaElement | null>
  readonly channel: string
  /** The message that is being changed; none: a new one is written. */
  readonly edits?: Said | undefined
}

export function ToolsPlace(props: ToolsProps) {
  const { Ready } = useQuietPart(tools, true, whenIdle)
  return Ready && <Ready {...props} />
}
