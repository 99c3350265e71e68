/** One search after another: what is asked for, what came of it, how far back. What was typed last is what counts. */
import type { Chat } from "../chat.ts"
import type { Follower } from "../hub.ts"
import type { Found, Message, RoomEvent } from "../protocol.ts"
import { Refused } from "../requests.ts"
import { amended } from "../timeline.ts"
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
}

export interface Search {
  readonly store: Watched<SearchState>
  type(text: string): void
  /** Forgets what was typed before, and looks for this. */
  begin(text: string, filters: readonly Filter[]): void
  add(filter: Filter, instead: Token): void
  drop(index: number): void
  /** Asks at once for what was typed; false if it was asked already. */
  run(): boolean
  goOn(): void
  /** Looks again: something may have happened meanwhile. */
  renew(): void
  /** Nobody looks any more: what waits for an answer ends. */
  leave(): void
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
}

export function createSearch(chat: Pick<Chat, "ask" | "store" | "clock" | "follow" | keyof Follower>): Search {
  const store = createWatched<SearchState>(NOTHING, chat.clock)
  const change = (part: Partial<SearchState>) => store.update((state) => ({ ...state, ...part }))
  let turn = 0
  let stopWaiting: (() => void) | null = null

  const ask = async (cursor: string | null, limit = PAGE) => {
    const own = ++turn
    const { text, filters } = store.get()
    const fields = fieldsOf(text, filters)
    if (fields === null) return change({ ...NOTHING, text, filters })
    change({ stage: "waiting" })
    const answer = await chat.ask({ type: "search", ...fields, limit, ...(cursor === null ? {} : { cursor }) })
    if (own !== turn) return
    if (answer instanceof Refused) {
      if (answer.code !== "rate_limited") return change({ stage: "failed", code: answer.code })
      chat.clock.after(SLOWED_MS, () => own === turn && void ask(cursor, limit))
      return
    }
    if (answer.type !== "found") return
    const { messages, similar, cursor: next, back_to } = answer
    const hits = cursor === null ? messages : [...store.get().hits, ...messages]
    // Nobody wants to press a button for nothing: it goes on by itself until there is something to look at.
    const goesOn = next !== null && hits.length === 0
    change({ stage: goesOn ? "waiting" : "found", hits, similar, cursor: next, back_to })
    if (goesOn) void ask(next)
  }

  /** Of what was asked before no answer counts any more. */
  const forget = () => {
    stopWaiting?.()
    stopWaiting = null
    turn += 1
  }

  /** What is typed is searched for in a moment, unless it ends with a filter that is not complete. */
  const soon = () => {
    forget()
    const { text } = store.get()
    const { room } = chat.store.get()
    const now = chat.clock.now()
    const unclear = tokensIn(text).find((token) => token.isClosed && meant(token, room, now) === null) ?? null
    const isOpen = openToken(text) !== null
    change({ unclear, stage: unclear ? "unclear" : isOpen ? "idle" : "waiting" })
    if (unclear === null && !isOpen) stopWaiting = chat.clock.after(AFTER_TYPING_MS, run)
  }

  const run = (limit?: number): boolean => {
    if (stopWaiting === null) return false
    forget()
    void ask(null, limit)
    return true
  }

  chat.follow({
    ...chat,
    afterEvents: (events) => {
      chat.afterEvents(events)
      const { hits, similar } = store.get()
      change({ hits: events.reduce(hitsAfter, hits), similar: events.reduce(hitsAfter, similar) })
    },
  })

  return {
    store,
    type: (typed) => {
      const { text, filters } = takeFilters(typed, chat.store.get().room, chat.clock.now())
      change({ text, filters: filters.reduce(withFilter, store.get().filters) })
      soon()
    },
    begin: (text, filters) => {
      change({ ...NOTHING, text, filters })
      soon()
      run()
    },
    add: (filter, instead) => {
      const { text, filters } = store.get()
      change({ text: without(text, instead), filters: withFilter(filters, filter) })
      soon()
    },
    drop: (index) => {
      change({ filters: store.get().filters.toSpliced(index, 1) })
      soon()
    },
    run: () => run(),
    goOn: () => {
      const { cursor, stage } = store.get()
      if (cursor !== null && stage === "found") void ask(cursor)
    },
    renew: () => {
      soon()
      run(MOST)
    },
    leave: forget,
    around: async ({ message: { channel, seq } }) => {
      const page = await chat.ask({ type: "history", channel, around: seq, limit: 3 })
      return page instanceof Refused || page.type !== "history" ? null : page.messages
    },
  }
}

/** What was found, after something has happened: an edited text is shown as it is now, and what is gone is gone. */
function hitsAfter(hits: readonly Hit[], event: RoomEvent): readonly Hit[] {
  return hits.flatMap((hit) => {
    const { message } = hit
    if (!("channel" in event) || event.channel !== message.channel) return hit
    if (event.kind === "purge" && message.seq <= event.up_to_seq) return []
    const after = amended(message, event)
    return after === message ? hit : { message: after, match: event.kind === "edit" ? [] : hit.match }
  })
}
