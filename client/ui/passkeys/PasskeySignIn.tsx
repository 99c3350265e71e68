/**
 * Signing in with a passkey: with a button, or by choosing one that the browser offers in the name field.
 *
 * The browser offers passkeys while a request waits. It is made anew before its challenge is too old, but not for ever: a
 * page that somebody forgot at the door should let the room sleep.
 */
import { Fingerprint } from "lucide"
import { useEffect, useRef, useState } from "react"
import type { Door } from "../../core/door.ts"
import { ASKING_MS, type PasskeyProof, provePasskey } from "../../core/passkeys.ts"
import { useApp } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Icon } from "../kit/Icon.tsx"
import type { LoginState } from "../login/Login.tsx"
import type { ChallengeDesk } from "../login/useChallenges.ts"

interface PasskeySignInProps {
  readonly door: Door
  readonly state: LoginState
  readonly challenges: ChallengeDesk
  /** A passkey was used: the bot checks may begin. */
  readonly onUse?: () => void
}

const MOST_OFFERS = 5

export function PasskeySignIn({ door, state, challenges, onUse }: PasskeySignInProps) {
  const { t, entrance } = useApp()
  const { api } = entrance
  const { confirming, refusal, work } = state
  const [trouble, setTrouble] = useState<string | null>(null)
  const [asking, setAsking] = useState(false)
  const [offers, setOffers] = useState(1)
  const pending = useRef<AbortController | null>(null)

  const enter = async (passkey: PasskeyProof) => {
    onUse?.()
    // The password says what somebody may do, the passkey who it is.
    await door.prove(async () => ({ ...confirming?.given, passkey }), challenges.answers)
  }
  const latest = useRef(enter)
  latest.current = enter

  // What was refused a moment ago is not offered again.
  const isRefused = refusal?.code === "wrong_passkey"
  const isOffered = !asking && work === null && confirming === null && !isRefused && offers <= MOST_OFFERS
  useEffect(() => {
    if (!isOffered) return
    const request = begin(pending)
    const again = () => !document.hidden && setOffers(offers + 1)
    const timer = setTimeout(() => {
      request.abort()
      document.addEventListener("visibilitychange", again)
      again()
    }, ASKING_MS)
    const offer = async () => {
      const isKnown = await PublicKeyCredential.isConditionalMediationAvailable?.()
      if (!isKnown || request.signal.aborted) return
      const used = await provePasskey(api, navigator.credentials, request.signal, "conditional")
      // What the browser says of an offer that nobody took is nobody's trouble.
      if (used.ok && !request.signal.aborted) await latest.current(used.value)
    }
    void offer()
    return () => {
      clearTimeout(timer)
      document.removeEventListener("visibilitychange", again)
      request.abort()
    }
  }, [api, isOffered, offers])
  useEffect(() => () => pending.current?.abort(), [])

  const ask = async () => {
    setTrouble(null)
    setAsking(true)
    const used = await provePasskey(api, navigator.credentials, begin(pending).signal)
    setAsking(false)
    if (used.ok) await enter(used.value)
    else setTrouble(used.code)
  }
  const key = `passkey.refused.${trouble}`
  return (
    <>
      <Button busy={asking} disabled={asking || work !== null} onClick={() => void ask()}>
        <Icon of={Fingerprint} /> {t("passkey.signIn")}
      </Button>
      {trouble !== null && (
        <p className="login__trouble" role="alert">
          {t.has(key) ? t(key) : t("passkey.refused.failed")}
        </p>
      )}
    </>
  )
}

/** The browser takes one request at a time. */
function begin(pending: { current: AbortController | null }): AbortController {
  pending.current?.abort()
  pending.current = new AbortController()
  return pending.current
}
