/** A code that was made just now, and whether the server has what proves it. */
import { useEffect, useRef, useState } from "react"
import { inTime } from "../../core/inTime.ts"
import { CODE_CHARACTERS, codeFrom, recoveryProof } from "../../core/recovery.ts"
import { useApp, useChat } from "../context.ts"

type State =
  | { readonly step: "new" | "saving" | "stored" }
  /** `code`: of the refusal. */
  | { readonly step: "failed"; readonly code: string }

const ANSWER_MS = 20_000

export function useNewCode() {
  const chat = useChat()
  const send = useSending()
  const [code] = useState(() => codeFrom(crypto.getRandomValues(new Uint8Array(CODE_CHARACTERS))))
  const [state, setState] = useState<State>({ step: "new" })
  const sending = useRef<Promise<boolean> | null>(null)
  const there = useRef(true)
  const failed = useRef(false)

  // Somebody has taken a code along that does not work, and is gone before they could read so.
  useEffect(() => {
    there.current = true
    return () => {
      there.current = false
      if (failed.current) chat.showNotice("code_lost")
    }
  }, [chat])

  const attempt = async () => {
    setState({ step: "saving" })
    const refusal = await send(code)
    failed.current = refusal !== null
    if (refusal === null) setState({ step: "stored" })
    else {
      sending.current = null
      if (there.current) setState({ step: "failed", code: refusal })
      else chat.showNotice("code_lost")
    }
    return refusal === null
  }

  /** Lets the server have the proof, once; true: it has. */
  const keep = () => {
    sending.current ??= attempt()
    return sending.current
  }
  return { code, state, keep }
}

/** Sends the proof of a code; the refusal's code, or null when it was taken. */
function useSending() {
  const { entrance, ports } = useApp()
  const { api } = entrance
  return async (code: string): Promise<string | null> => {
    try {
      const facts = entrance.facts() ?? (await api.facts().then((answer) => (answer.ok ? answer.value : null)))
      if (facts === null) return "unreachable"
      const proof = await recoveryProof(code, facts.kdf.salt, ports.subtle)
      const answer = await inTime(
        api.call("PUT", "/recovery", () => null, { proof }),
        ANSWER_MS,
      )
      return answer.ok ? null : answer.problem.code
    } catch {
      return "unreachable"
    }
  }
}
