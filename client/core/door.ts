/** The door: a login with the room's password, and what may stand in its way. It is downloaded with the form. */
import type { Answer, LoginRequest } from "./api.ts"
import type { Confirming, Entrance, LoginStage } from "./entrance.ts"
import { stretch } from "./keys.ts"
import type { Ports } from "./ports.ts"
import type { Problem, RoomFacts, Session } from "./protocol.ts"

export type ChallengeName = RoomFacts["challenges"][number]

/** The answers of the bot checks; requested for every attempt, because each is accepted once. */
export interface ChallengeAnswers {
  readonly altcha?: string
  readonly turnstile?: string
}
/** `fresh`: nothing that was prepared before; the checks have become harder since. */
export type Challenges = (wanted: readonly ChallengeName[], fresh: boolean) => Promise<ChallengeAnswers>

/** How often answers that the server refuses are replaced before the member hears of it. */
const FRESH_ANSWERS = 2

export interface LoginForm {
  readonly name: string
  readonly password: string
}

export interface Door {
  login(form: LoginForm, challenges: Challenges): Promise<void>
  /** Signs in with what `make` gives when the checks are done. */
  prove(make: (facts: RoomFacts) => Promise<LoginRequest>, challenges: Challenges): Promise<void>
  /** Repeats the login with the six digits, or, with null, asks whether an admin has agreed. */
  confirm(code: string | null, challenges: Challenges): Promise<void>
  cancelConfirmation(): void
  /** The member has read that somebody else has the name. */
  seeReplaced(): Promise<void>
}

export function createDoor({ api, store, show, goIn }: Entrance, { clock, subtle }: Ports): Door {
  const login = (form: LoginForm, challenges: Challenges) =>
    prove(async ({ kdf }) => {
      show({ work: { step: "stretching", done: 0, rounds: kdf.rounds } })
      const { proof } = await stretch(form.password, kdf, subtle, (done, rounds) =>
        show({ work: { step: "stretching", done, rounds } }),
      )
      return { name: nameFrom(form.name), proof }
    }, challenges)

  const prove: Door["prove"] = async (make, challenges) => {
    const state = store.get()
    if (state.stage !== "login" || state.work !== null) return
    show({ work: { step: "checking" }, refusal: null, ended: null })
    const answers = await answersOf(challenges, false)
    if (answers === null) return
    const { invite, ...request } = await make(state.facts)
    // A code or a passkey proves a name by itself; a link is for somebody new.
    const isProven = invite === undefined || request.recovery !== undefined || request.passkey !== undefined
    await knock(isProven ? request : { ...request, invite }, challenges, answers)
  }

  const confirm = async (code: string | null, challenges: Challenges) => {
    const state = store.get()
    if (state.stage !== "login" || state.confirming === null || state.work !== null) return
    const { given, confirmation } = state.confirming
    if (code !== null) show({ work: { step: "checking" }, refusal: null })
    const answers = await answersOf(challenges, false)
    if (answers === null) return
    await knock({ ...given, confirmation, ...(code !== null && { code }) }, challenges, answers)
  }

  /** Null when a check has none, which is said. */
  const answersOf = async (challenges: Challenges, fresh: boolean): Promise<ChallengeAnswers | null> => {
    const state = store.get()
    if (state.stage !== "login") return null
    try {
      return await challenges(state.facts.challenges, fresh)
    } catch {
      show({ work: null, refusal: { code: "challenge_failed", retry_at: null } })
      return null
    }
  }

  const knock = async (request: LoginRequest, challenges: Challenges, first: ChallengeAnswers) => {
    const quiet = request.confirmation !== undefined && request.code === undefined
    const say = (step: "checking" | "sending") => !quiet && show({ work: { step } })
    let answers: ChallengeAnswers | null = first
    for (let left = FRESH_ANSWERS; answers !== null; left--) {
      say("sending")
      const answer = await api.login({ ...request, ...answers })
      const state = store.get()
      if (state.stage !== "login") return
      if (answer.ok) return goIn(answer.value, state.facts.title)
      // Somebody has typed the code meanwhile, or gone back to the form: what this asked for is not wanted any more.
      if (quiet && (state.work !== null || state.confirming?.confirmation !== request.confirmation)) return
      if (answer.problem.code !== "challenge_failed" || left === 0) {
        return show({ work: null, ...afterRefusal(answer, request, state) })
      }
      // The checks may have become harder since the page was loaded: nobody need know.
      await refreshFacts()
      say("checking")
      answers = await answersOf(challenges, true)
    }
  }

  const afterRefusal = (
    { problem }: Extract<Answer<Session>, { ok: false }>,
    request: LoginRequest,
    state: LoginStage,
  ): Partial<LoginStage> => {
    if (problem.code === "name_taken" && problem.confirmation !== null) {
      const wrongCode = request.code !== undefined
      const refusal = wrongCode ? { code: "wrong_code", retry_at: null } : state.refusal
      return { refusal, confirming: confirmingFrom(request, problem, problem.confirmation) }
    }
    // A wrong code counts as a failed login; the password was right a moment ago.
    if (problem.code === "wrong_password" && request.code !== undefined) {
      return { refusal: { code: "wrong_code", retry_at: null } }
    }
    const retry_at = problem.retry_after === null ? null : clock.now() + problem.retry_after * 1000
    // The member with this name refused: back to the form, where another name can be chosen.
    const refused = problem.code === "name_taken" && { confirming: null }
    const code = problem.alike ? "name_alike" : problem.code
    return { refusal: { code, retry_at }, ...refused }
  }

  const refreshFacts = async () => {
    const facts = await api.facts()
    if (facts.ok) show({ facts: facts.value })
  }

  return {
    login,
    prove,
    confirm,
    cancelConfirmation: () => show({ confirming: null, refusal: null }),
    seeReplaced: async () => {
      const answer = await api.leave()
      if (answer.ok || answer.problem.code === "unauthenticated") show({ replaced_at: null })
    },
  }
}

function confirmingFrom(request: LoginRequest, problem: Problem, confirmation: string): Confirming {
  const { code: _, confirmation: former, ...given } = request
  return {
    name: given.name ?? "",
    given,
    confirmation,
    compare: problem.compare ?? "",
    expires_at: problem.expires_at ?? 0,
  }
}

/** A name as it is sent. */
export function nameFrom(typed: string): string {
  return typed.normalize("NFC").trim()
}
