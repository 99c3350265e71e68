/**
 * The way in: what the room is, and whether this browser is already signed in. Who is not stands at the door (door.ts).
 */

import { type Problem, parseSession, type RoomFacts, type Session } from "./answers.ts"
import { type Api, createApi, type LoginRequest } from "./api.ts"
import type { Ports } from "./ports.ts"
import { createWatched, type Watched } from "./watched.ts"

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
  /** What was given besides, and is given again. */
  readonly given: LoginRequest
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
      /** Why a member who was inside is here again. */
      readonly ended: Ending | null
      /** Since when somebody else has the name of this browser's last member; null: nobody has. */
      readonly replaced_at: number | null
    }
  | { readonly stage: "inside"; readonly title: string; readonly session: Session }

/** Why a member is outside: the session is over, or an admin has removed them. */
export type Ending = "ended" | "removed"

export interface Entrance {
  readonly store: Watched<EntranceState>
  readonly api: Api
  readonly room: string
  start(): Promise<void>
  /** Shows something else at the door, if somebody is there. */
  show(change: Partial<LoginStage>): void
  /** Lets in whom the server has let in. */
  goIn(session: Session, title: string): void
  /** The room is called something else now. */
  rename(title: string): void
  /** The member left, or the session ended. */
  goOut(ended: Ending | null): Promise<void>
  /** Whether this browser's last member had the same name and was another one. */
  isRenewed(session: Session): boolean
  seeRenewed(session: Session): void
  rememberedName(): string
  /** The room as the server last described it; null: it has not, since the page was opened. */
  facts(): RoomFacts | null
  /** Whether somebody was inside when this browser was here last. */
  isRemembered(): boolean
}

/** The stage at the door. */
export type LoginStage = Extract<EntranceState, { stage: "login" }>

export function createEntrance(room: string, ports: Ports): Entrance {
  const { clock, shelf } = ports
  const api = createApi(room, ports.origin, ports.fetch)
  const store = createWatched<EntranceState>({ stage: "loading" }, clock)
  const memberKey = `${room}:member`
  const nameKey = `${room}:name`
  const titleKey = `${room}:title`
  const lastKey = `${room}:last`
  let known: RoomFacts | null = null

  const show = (change: Partial<LoginStage>) =>
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
    known = facts.value
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

  return {
    store,
    api,
    room,
    start,
    show,
    goIn,
    rename: (title) => {
      shelf.set(titleKey, title)
      store.update((state) => (state.stage === "inside" ? { ...state, title } : state))
    },
    goOut: async (ended) => {
      shelf.remove(memberKey)
      if (!ended) shelf.remove(lastKey)
      const facts = await api.facts()
      if (facts.ok) stand(facts.value, ended)
      else store.set({ stage: "blocked", code: facts.problem.code, title: facts.problem.title })
    },
    isRenewed,
    seeRenewed: keepLast,
    rememberedName: () => shelf.get(nameKey) ?? "",
    facts: () => known,
    isRemembered: () => shelf.get(memberKey) !== null,
  }
}
