/**
 * The way in: what the room is, whether this browser is already signed in, and the login, up to the door.
 */
import { type Answer, type Api, createApi, type LoginRequest } from "./api.ts"
import { stretch } from "./keys.ts"
import type { Ports } from "./ports.ts"
import { type Problem, parseSession, type RoomFacts, type Session } from "./protocol.ts"
import { createStore, type Store } from "./store.ts"

export type ChallengeName = RoomFacts["challenges"][number]

/** What the bot checks gave; asked anew for every attempt, because each is accepted once. */
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

export type Work =
  | { readonly step: "checking" }
  | { readonly step: "stretching"; readonly done: number; readonly rounds: number }
  | { readonly step: "sending" }

export interface LoginRefusal {
  readonly code: string
  /** Until when no attempt makes sense. */
  readonly retry_at: number | null
}

/** The name belongs to somebody who is here: prove it is the same person. */
export interface Confirming {
  readonly name: string
  readonly proof: string
  readonly confirmation: string
  /** Six digits that every question about this login shows, too. */
  readonly compare: string
  readonly expires_at: number
}

export type EntranceState =
  | { readonly stage: "loading" }
  | { readonly stage: "blocked"; readonly code: string; readonly title: string }
  | {
      readonly stage: "login"
      readonly facts: RoomFacts
      readonly work: Work | null
      readonly refusal: LoginRefusal | null
      readonly confirming: Confirming | null
      /** Why a member who was inside stands here again. */
      readonly ended: Ending | null
      /** Since when somebody else has the name of this browser's last member; null: nobody has. */
      readonly replaced_at: number | null
    }
  | { readonly stage: "inside"; readonly title: string; readonly session: Session }

/** Why a member stands outside: the session is over, or an admin has removed them. */
export type Ending = "ended" | "removed"

export interface Entrance {
  readonly store: Store<EntranceState>
  readonly api: Api
  readonly room: string
  start(): Promise<void>
  login(form: LoginForm, challenges: Challenges): Promise<void>
  /** Repeats the login with the six digits, or, with null, asks whether an admin has agreed. */
  confirm(code: string | null, challenges: Challenges): Promise<void>
  cancelConfirmation(): void
  /** The member left, or the session ended. */
  goOut(ended: Ending | null): Promise<void>
  /** Whether this browser's last member had the same name and was another one. */
  isRenewed(session: Session): boolean
  seeRenewed(session: Session): void
  /** The member has read that somebody else has the name. */
  seeReplaced(): Promise<void>
  rememberedName(): string
  /** Whether somebody was inside when this browser was here last. */
  isRemembered(): boolean
}

type LoginStage = Extract<EntranceState, { stage: "login" }>

export function createEntrance(room: string, ports: Ports): Entrance {
  const { clock, shelf } = ports
  const api = createApi(room, ports.origin, ports.fetch)
  const store = createStore<EntranceState>({ stage: "loading" }, clock)
  const memberKey = `${room}:member`
  const nameKey = `${room}:name`
  const titleKey = `${room}:title`
  const lastKey = `${room}:last`

  const at = (change: Partial<LoginStage>) =>
    store.update((state) => (state.stage === "login" ? { ...state, ...change } : state))

  const stand = (facts: RoomFacts, ended: Ending | null) =>
    store.set({
      stage: "login",
      facts,
      work: null,
      refusal: null,
      confirming: null,
      ended,
      replaced_at: facts.replaced_at,
    })

  const last = (): Session["member"] | null => {
    try {
      return parseSession({ expires_at: 0, member: JSON.parse(shelf.get(lastKey) ?? "null") }).member
    } catch {
      return null
    }
  }

  const isRenewed = ({ member }: Session) => {
    const former = last()
    return former !== null && former.name === member.name && former.id !== member.id
  }

  const keepLast = ({ member }: Session) => shelf.set(lastKey, JSON.stringify(member))

  const goIn = (session: Session, title: string) => {
    shelf.set(memberKey, JSON.stringify(session))
    shelf.set(nameKey, session.member.name)
    shelf.set(titleKey, title)
    // Somebody new with the name of the last one: who was that is kept until the member has read so.
    if (!isRenewed(session)) keepLast(session)
    store.set({ stage: "inside", title, session })
  }

  const start = async () => {
    store.set({ stage: "loading" })
    const facts = await api.facts()
    if (!facts.ok) return withoutFacts(facts.problem)
    let { session } = facts.value
    if (session === undefined) {
      const answer = await api.session()
      if (!answer.ok && answer.problem.code !== "unauthenticated") return withoutFacts(answer.problem)
      session = answer.ok ? answer.value : null
    }
    if (session !== null) return goIn(session, facts.value.title)
    const remembered = remember()
    shelf.remove(memberKey)
    if (remembered !== null) void ports.openVault(room, remembered.member.id).keepSnapshot(null)
    stand(facts.value, remembered === null ? null : "ended")
  }

  /** Without a network, a member who was inside may read what this browser kept. */
  const withoutFacts = (problem: Problem) => {
    const session = remember()
    if (problem.code !== "unreachable" || session === null) {
      return store.set({ stage: "blocked", code: problem.code, title: problem.title })
    }
    store.set({ stage: "inside", title: shelf.get(titleKey) ?? room, session })
  }

  const remember = (): Session | null => {
    try {
      return parseSession(JSON.parse(shelf.get(memberKey) ?? "null"))
    } catch {
      return null
    }
  }

  const login = async (form: LoginForm, challenges: Challenges) => {
    const state = store.get()
    if (state.stage !== "login" || state.work !== null) return
    at({ work: { step: "checking" }, refusal: null, ended: null })
    const answers = await answersOf(challenges, false)
    if (answers === null) return
    const { kdf } = state.facts
    at({ work: { step: "stretching", done: 0, rounds: kdf.rounds } })
    const { proof } = await stretch(form.password, kdf, ports.subtle, (done, rounds) =>
      at({ work: { step: "stretching", done, rounds } }),
    )
    const name = form.name.normalize("NFC").trim()
    await knock({ name, proof }, challenges, answers)
  }

  const confirm = async (code: string | null, challenges: Challenges) => {
    const state = store.get()
    if (state.stage !== "login" || state.confirming === null || state.work !== null) return
    const { name, proof, confirmation } = state.confirming
    if (code !== null) at({ work: { step: "checking" }, refusal: null })
    const answers = await answersOf(challenges, false)
    if (answers === null) return
    await knock({ name, proof, ...(code === null ? { confirmation } : { code, confirmation }) }, challenges, answers)
  }

  /** Null when a check has none, which is said. */
  const answersOf = async (challenges: Challenges, fresh: boolean): Promise<ChallengeAnswers | null> => {
    const state = store.get()
    if (state.stage !== "login") return null
    try {
      return await challenges(state.facts.challenges, fresh)
    } catch {
      at({ work: null, refusal: { code: "challenge_failed", retry_at: null } })
      return null
    }
  }

  const knock = async (request: LoginRequest, challenges: Challenges, first: ChallengeAnswers) => {
    const quiet = request.confirmation !== undefined && request.code === undefined
    const show = (step: "checking" | "sending") => !quiet && at({ work: { step } })
    let answers: ChallengeAnswers | null = first
    for (let left = FRESH_ANSWERS; answers !== null; left--) {
      show("sending")
      const answer = await api.login({ ...request, ...answers })
      const state = store.get()
      if (state.stage !== "login") return
      if (answer.ok) return goIn(answer.value, state.facts.title)
      if (answer.problem.code !== "challenge_failed" || left === 0) {
        return at({ work: null, ...afterRefusal(answer, request, state) })
      }
      // The checks may have become harder since the page was loaded: nobody need know.
      await refreshFacts()
      show("checking")
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
    // Refused by whoever has the name: back to the form, where another one can be chosen.
    const refused = problem.code === "name_taken" && { confirming: null }
    const code = problem.alike ? "name_alike" : problem.code
    return { refusal: { code, retry_at }, ...refused }
  }

  const refreshFacts = async () => {
    const facts = await api.facts()
    if (facts.ok) at({ facts: facts.value })
  }

  return {
    store,
    api,
    room,
    start,
    login,
    confirm,
    cancelConfirmation: () => at({ confirming: null, refusal: null }),
    goOut: async (ended) => {
      shelf.remove(memberKey)
      if (!ended) shelf.remove(lastKey)
      const facts = await api.facts()
      if (facts.ok) stand(facts.value, ended)
      else store.set({ stage: "blocked", code: facts.problem.code, title: facts.problem.title })
    },
    isRenewed,
    seeRenewed: keepLast,
    seeReplaced: async () => {
      const answer = await api.leave()
      if (answer.ok || answer.problem.code === "unauthenticated") at({ replaced_at: null })
    },
    rememberedName: () => shelf.get(nameKey) ?? "",
    isRemembered: () => shelf.get(memberKey) !== null,
  }
}

function confirmingFrom(request: LoginRequest, problem: Problem, confirmation: string): Confirming {
  return {
    name: request.name,
    proof: request.proof,
    confirmation,
    compare: problem.compare ?? "",
    expires_at: problem.expires_at ?? 0,
  }
}
