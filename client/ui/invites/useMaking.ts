/** A new link: its secret is made here and stays on this page, and the room gets to know the digest. */
import { useCallback, useState } from "react"
import { inviteKeys, inviteLink, SECRET_BYTES, secretFrom } from "../../core/invites.ts"
import { Refused } from "../../core/requests.ts"
import { useApp, useChat } from "../context.ts"

/** For whom: new people, or oneself on another device. */
export type Wanted =
  | { readonly hours: number; readonly uses: number | null; readonly label?: string }
  | { readonly kind: "device" }

/** What is chosen unless somebody chooses; `invites.usual` says it in words. */
export const USUAL = { hours: 24, uses: 10 } as const

export interface Made {
  readonly link: string
  readonly expires_at: number
  /** By the clock of this device. */
  readonly made_at: number
}

export function useMaking() {
  const { entrance, ports } = useApp()
  const chat = useChat()
  const [made, setMade] = useState<Made | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const make = useCallback(
    async (wanted: Wanted) => {
      setBusy(true)
      setRefusal(null)
      const secret = secretFrom(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)))
      const { digest } = await inviteKeys(secret, ports.subtle)
      const answer = await chat.ask({ type: "invite.create", digest, ...wanted })
      setBusy(false)
      if (answer instanceof Refused) return setRefusal(answer.code)
      if (answer.type !== "invite") return
      const link = inviteLink(ports.origin, entrance.room, secret)
      setMade({ link, expires_at: answer.expires_at, made_at: ports.clock.now() })
    },
    [chat, entrance, ports],
  )
  return { made, refusal, busy, make, forget: () => setMade(null) }
}
