/** The place for who is writing right now. */
import { useChatState } from "../context.ts"
import { Quiet } from "../kit/Quiet.tsx"
import { typing } from "../quiet.ts"

export function TypingLine({ channel }: { channel: string }) {
  const some = useChatState(({ room }) => Object.keys(room.typing[channel] ?? {}).length > 0)
  return (
    <p className="typing" aria-live="off">
      {some && <Quiet part={typing} props={{ channel }} />}
    </p>
  )
}
