/** Where a poll stands once it has come; until then the message says what it asks. */
import type { ReactNode } from "react"
import type { Said } from "../../core/protocol.ts"
import { Quiet } from "../kit/Quiet.tsx"
import { pollCard } from "./parts.ts"

export function PollPlace({ message, meanwhile }: { readonly message: Said; readonly meanwhile: ReactNode }) {
  return <Quiet part={pollCard} props={{ message }} meanwhile={meanwhile} />
}
