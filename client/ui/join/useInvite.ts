/** What an invitation leads to, as the server says. */
import { useCallback, useEffect, useState } from "react"
import { DAMAGED } from "../../browser/invitation.ts"
import { type InviteFacts, inviteKeys, lookAtInvite } from "../../core/invites.ts"
import { useApp } from "../context.ts"

export type Invite =
  | { readonly status: "looking" }
  /** Part of the link is missing. */
  | { readonly status: "damaged" }
  /** It lets nobody in any more. */
  | { readonly status: "invalid" }
  | { readonly status: "open"; readonly facts: InviteFacts; readonly proof: string }
  /** Nobody knows yet; from `retry_at` on it makes sense to ask again. */
  | { readonly status: "failed"; readonly code: string; readonly retry_at: number | null }

interface Looked {
  readonly invite: Invite
  /** The server is being asked. */
  readonly looking: boolean
  /** Ask once more. */
  readonly look: () => void
}

export function useInvite(invitation: string): Looked {
  const { entrance, ports } = useApp()
  const { api } = entrance
  const [invite, setInvite] = useState<Invite>({ status: invitation === DAMAGED ? "damaged" : "looking" })
  const [looking, setLooking] = useState(false)
  const look = useCallback(async () => {
    setLooking(true)
    const { proof } = await inviteKeys(invitation, ports.subtle)
    const answer = await lookAtInvite(api, proof)
    setLooking(false)
    if (answer.ok) return setInvite({ status: "open", facts: answer.value, proof })
    const { code, retry_after } = answer.problem
    if (code === "invite_invalid") return setInvite({ status: "invalid" })
    setInvite({ status: "failed", code, retry_at: retry_after && ports.clock.now() + retry_after * 1000 })
  }, [api, ports, invitation])
  useEffect(() => {
    if (invitation !== DAMAGED) void look()
  }, [invitation, look])
  // The network that was missing is there.
  const offline = invite.status === "failed" && invite.code === "unreachable"
  useEffect(() => {
    if (!offline) return
    const again = () => void look()
    addEventListener("online", again)
    return () => removeEventListener("online", again)
  }, [offline, look])
  return { invite, looking, look: () => void look() }
}
