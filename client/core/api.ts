/** The HTTP side of docs/protocol.md. Every call answers; refusals and a missing network are values, not exceptions. */

import { type Problem, parseFacts, parseProblem, parseSession, type RoomFacts, type Session } from "./answers.ts"
import type { PasskeyProof } from "./passkeys.ts"

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem }

export interface LoginRequest {
  /** Some proofs say whose they are. */
  readonly name?: string
  readonly proof?: string
  /** The proof of a recovery code (recovery.ts). */
  readonly recovery?: string
  readonly passkey?: PasskeyProof
  /** The proof of an invite link (invites.ts). */
  readonly invite?: string
  readonly altcha?: string
  readonly turnstile?: string
  readonly code?: string
  readonly confirmation?: string
}

export interface Api {
  /** For what is asked only by parts of the page that come later; `path` is below the room's. */
  call<T>(method: string, path: string, parse: (value: unknown) => T, body?: object): Promise<Answer<T>>
  facts(): Promise<Answer<RoomFacts>>
  session(): Promise<Answer<Session>>
  login(request: LoginRequest): Promise<Answer<Session>>
  leave(): Promise<Answer<null>>
}

const UNREACHABLE: Problem = {
  code: "unreachable",
  title: "",
  retry_after: null,
  confirm: false,
  confirmation: null,
  compare: null,
  expires_at: null,
  alike: false,
}

/** The answer has no body. */
export const parseNothing = () => null

export function createApi(room: string, origin: string, fetch: typeof globalThis.fetch): Api {
  const base = `${origin}/api/rooms/${encodeURIComponent(room)}`

  async function call<T>(
    method: string,
    path: string,
    parse: (value: unknown) => T,
    body?: object,
  ): Promise<Answer<T>> {
    try {
      const response = await fetch(base + path, requestOf(method, body))
      if (!response.ok) return { ok: false, problem: await problemOf(response) }
      return { ok: true, value: parse(response.status === 204 ? null : await response.json()) }
    } catch {
      // No network, or an answer that is not ours (a captive portal, a proxy's error page).
      return { ok: false, problem: UNREACHABLE }
    }
  }

  return {
    call,
    facts: () => call("GET", "", parseFacts),
    session: () => call("GET", "/session", parseSession),
    login: (request) => call("POST", "/session", parseSession, request),
    leave: () => call("DELETE", "/session", parseNothing),
  }
}

function requestOf(method: string, body: object | undefined): RequestInit {
  const common: RequestInit = { method, credentials: "same-origin", cache: "no-store" }
  // A network that hangs counts as none. Only a login is waited for: what it answers cannot be had again.
  if (body === undefined) return { ...common, signal: AbortSignal.timeout(20_000) }
  return { ...common, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }
}

async function problemOf(response: Response): Promise<Problem> {
  const value: unknown = await response.json()
  const problem = parseProblem(value)
  const seconds = Number(response.headers.get("Retry-After"))
  if (problem.retry_after !== null || !Number.isFinite(seconds) || seconds <= 0) return problem
  return { ...problem, retry_after: seconds }
}
