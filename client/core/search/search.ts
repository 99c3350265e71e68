/** One search after another: what is asked for, what came of it, how far back. What was typed last is what counts. */
import type { Chat } from "../chat.ts"
import type { Found, Message } from "../protocol.ts"
import { Refused } from "../requests.ts"
import type { Room } from "../room.ts"
import { createWatched, type Watched } from "../watched.ts"
import {
  type Filter,
  fieldsOf,
  meant,
  openToken,
  type Token,
  takeFilters,
  tokensIn,
  withFilter,
  without,
} from "./query.ts"

export type Hit = Found["messages"][number]

export interface SearchState {
  readonly text: string
  readonly filters: readonly Filter[]
  /** `unclear`: a filter means nobody and nothing. */
  readonly stage: "idle" | "waiting" | "found" | "failed" | "unclear"
  /** Why it failed. */
  readonly code: string
  readonly unclear: Token | null
  readonly hits: readonly Hit[]
  readonly similar: readonly Hit[]
  /** Where to go on; null: this was all. */
  readonly cursor: string | null
  readonly back_to: number
  /** What follows is on its way. */
  readonly isGoing: boolean
}

export interface Search {
  readonly store: Watched<SearchState>
  type(text: string): void
  /** Forgets what was typed before, and looks for this. */
  begin(text: string, filters: readonly Filter[]): void
  add(filter: Filter, instead?: Token): void
  drop(index: number): void
  /** Asks at once for what was typed; false if it was asked already. */
  run(): boolean
  goOn(): void
  /** Looks again if anything has happened in the room. */
  renew(): void
  /** The messages before and after one; null if they did not come. */
  around(hit: Hit): Promise<readonly Message[] | null>
}

const AFTER_TYPING_MS = 250
const SLOWED_MS = 1_000
const PAGE = 20
const MOST = 50

const NOTHING: SearchState = {
  text: "",
  filters: [],
  stage: "idle",
  code: "",
  unclear: null,
  hits: [],
  similar: [],
  cursor: null,
  back_to: 0,
  isGoing: false,
}

const signOf = ({ seq, lanes }: Room) => JSON.stringify([seq, lanes])

export function createSearch(chat: Pick<Chat, "ask" | "store" | "clock">): Search {
  const store = createWatched<SearchState>(NOTHING, chat.clock)
  const change = (part: Partial<SearchState>) => store.update((state) => ({ ...state, ...part }))
  let turn = 0
  let stopWaiting: (() => void) | null = null
  /** How far the room and its lanes were when the first page was asked for. */
  let asOf = ""

  const ask = async (cursor: string | null, limit = PAGE) => {
    const own = ++turn
    const { text, filters } = store.get()
    const fields = fieldsOf(text, filters)
    if (fields === null) return change({ ...NOTHING, text, filters })
    change(cursor === null ? { stage: "waiting", isGoing: false } : { isGoing: true })
    if (cursor === null) asOf = signOf(chat.store.get().room)
    const answer = await chat.ask({ type: "search", ...fields, limit, ...(cursor === null ? {} : { cursor }) })
    if (own !== turn) return
    if (answer instanceof Refused) {
      if (answer.code !== "rate_limited") return change({ stage: "failed", code: answer.code, isGoing: false })
      chat.clock.after(SLOWED_MS, () => own === turn && void ask(cursor, limit))
      return
    }
    if (answer.type !== "found") return
    const { messages, similar, back_to } = answer
    const before = cursor === null ? [] : store.get().hits
    change({
      stage: "found",
      hits: [...before, ...messages],
      similar,
      cursor: answer.cursor,
      back_to,
      isGoing: false,
    })
  }

  /** What is typed is searched for in a moment, unless it ends with a filter that is not complete. */
  const soon = () => {
    stopWaiting?.()
    turn += 1
    const { text } = store.get()
    const { room } = chat.store.get()
    const now = chat.clock.now()
    const unclear = tokensIn(text).find((token) => token.isClosed && meant(token, room, now) === null) ?? null
    const isOpen = openToken(text) !== null
    change({ unclear, stage: unclear ? "unclear" : isOpen ? "idle" : "waiting", isGoing: false })
    stopWaiting = null
    if (unclear === null && !isOpen) stopWaiting = chat.clock.after(AFTER_TYPING_MS, run)
  }

  const run = (): boolean => {
    if (stopWaiting === null) return false
    stopWaiting()
    stopWaiting = null
    void ask(null)
    return true
  }

  return {
    store,
    type: (typed) => {
      const { text, filters } = takeFilters(typed, chat.store.get().room, chat.clock.now())
      store.update((state) => ({ ...state, text, filters: filters.reduce(withFilter, state.filters) }))
      soon()
    },
    begin: (text, filters) => {
      change({ ...NOTHING, text, filters })
      soon()
      run()
    },
    add: (filter, instead) => {
      store.update((state) => ({
        ...state,
        text: instead === undefined ? state.text : without(state.text, instead),
        filters: withFilter(state.filters, filter),
      }))
      soon()
    },
    drop: (index) => {
      store.update((state) => ({ ...state, filters: state.filters.toSpliced(index, 1) }))
      soon()
    },
    run,
    goOn: () => {
      const { cursor, isGoing } = store.get()
      if (cursor !== null && !isGoing) void ask(cursor)
    },
    renew: () => {
      const { stage, hits } = store.get()
      if (stage === "failed" || (stage === "found" && asOf !== signOf(chat.store.get().room)))
        void ask(null, hits.length > PAGE ? MOST : PAGE)
    },
    around: async ({ message: { channel, seq } }) => {
      const page = await chat.ask({ type: "history", channel, around: seq, limit: 3 })
      return page instanceof Refused || page.type !== "history" ? null : page.messages
    },
  }
}
