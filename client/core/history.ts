/** Opening channels, paging through their history, and what counts as read. */
import type { Core, Follower } from "./chat.ts"
import { GENERAL, type Message, type Page } from "./protocol.ts"
import { Refused } from "./requests.ts"
import { markRead, type Room, without, withTimeline, withTimelineOf } from "./room.ts"
import { EMPTY, extend, prepend, showAround, showNewest, type Timeline } from "./timeline.ts"

const PAGE = 60
const AROUND = 30

export interface History extends Follower {
  /** Opens a channel, at a message if one is named, else where it was left. */
  open(channel: string, target?: number | null): void
  loadOlder(): void
  loadNewer(): void
  toNewest(): void
  /** Tries again what failed to load. */
  reload(): void
  /** Whether the newest message of the open channel is before the member's eyes. */
  attend(attentive: boolean): void
  /** Fetches a message that is quoted but not shown. */
  quote(channel: string, id: string, seq: number): void
  /** What was kept of the last visit is there: show the channel that was open. */
  afterStart(): void
}

export function createHistory(core: Core): History {
  const { store, requests, changeRoom, ports } = core
  const asked = new Set<string>()
  let visit = 0
  /** What was asked for together with the hello, where nothing was known of the room. */
  let first: { readonly channel: string; readonly page: Promise<Page | null> } | null = null

  const timelineOf = (channel: string): Timeline | undefined => store.get().room.timelines[channel]

  /** Asks for a page; null when it was refused. */
  const fetchPage = async (
    channel: string,
    where: { before: number | null } | { after: number },
    limit = PAGE,
  ): Promise<Page | null> => {
    try {
      const page = await requests.ask({ type: "history", channel, limit, ...where })
      return page !== null && "messages" in page ? page : null
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return null
    }
  }

  const loadNewest = async (channel: string) => {
    const page = await (first?.channel === channel ? first.page : fetchPage(channel, { before: null }))
    changeRoom((room) =>
      withTimeline(room, channel, (timeline) =>
        page === null ? { ...timeline, status: "failed" } : showNewest(timeline, page),
      ),
    )
    readOpened()
  }

  const loadAround = async (channel: string, seq: number) => {
    const [before, after] = await Promise.all([
      fetchPage(channel, { before: seq }, AROUND),
      fetchPage(channel, { after: seq - 1 }, AROUND),
    ])
    if (before === null || after === null) return changeRoom((room) => withTimelineOf(room, channel, failed()))
    changeRoom((room) => withTimelineOf(room, channel, showAround(before, after)))
  }

  const open = (channel: string, target: number | null = null) => {
    const before = store.get()
    visit += 1
    store.update((state) => ({ ...state, opened: { channel, target, visit }, attentive: false }))
    readOpened(true, before)
    if (before.opened?.channel !== channel) changeRoom((state) => divide(state, channel))
    ports.shelf.set(core.shelfKey("channel"), channel)
    const timeline = timelineOf(channel)
    if (target !== null && !holds(timeline, target)) {
      changeRoom((state) => withTimelineOf(state, channel))
      void loadAround(channel, target)
    } else if (timeline === undefined || timeline.status === "failed") {
      changeRoom((state) => withTimelineOf(state, channel))
      void loadNewest(channel)
    }
  }

  const page = async (side: "older" | "newer") => {
    const channel = store.get().opened?.channel
    const timeline = channel === undefined ? undefined : timelineOf(channel)
    const end = side === "older" ? 0 : -1
    const edge = timeline?.messages.at(end)
    if (channel === undefined || timeline === undefined || edge === undefined) return
    if (timeline.status !== "ready" || timeline.fetching !== null || !timeline[side]) return
    changeRoom((room) => withTimeline(room, channel, (state) => ({ ...state, fetching: side })))
    const where = side === "older" ? { before: edge.seq } : { after: edge.seq }
    const found = await fetchPage(channel, where, PAGE)
    const add = side === "older" ? prepend : extend
    changeRoom((room) =>
      withTimeline(room, channel, (state) =>
        // An answer that had to wait may find another run: there would be a gap.
        found === null || state.messages.at(end)?.seq !== edge.seq ? { ...state, fetching: null } : add(state, found),
      ),
    )
  }

  /** One's own messages are told as read on leaving only: a `read` for each would be a row written for each. */
  const readOpened = (leaving = false, { opened, attentive, room, connection } = store.get()) => {
    if (opened === null || !attentive || connection.status !== "live") return
    const timeline = room.timelines[opened.channel]
    const last = timeline?.messages.at(-1)
    const channel = room.channels[opened.channel]
    if (last === undefined || timeline?.status !== "ready" || timeline.newer || channel === undefined) return
    if (channel.unread === 0 && (!leaving || channel.read_seq >= last.seq)) return
    core.send({ type: "read", channel: channel.id, seq: last.seq })
    changeRoom((state) => markRead(state, channel.id, last.seq))
  }

  const attend = (attentive: boolean) => {
    readOpened(!attentive)
    store.update((state) => (state.attentive === attentive ? state : { ...state, attentive }))
    readOpened()
  }

  const toNewest = () => {
    const { opened } = store.get()
    if (opened === null) return
    changeRoom((room) => ({ ...room, dividers: without(room.dividers, opened.channel) }))
    if (timelineOf(opened.channel)?.newer) {
      changeRoom((room) => withTimelineOf(room, opened.channel))
      void loadNewest(opened.channel)
    }
    visit += 1
    store.update((state) => ({ ...state, opened: { channel: opened.channel, target: null, visit } }))
  }

  const lastOpened = () => ports.shelf.get(core.shelfKey("channel")) ?? GENERAL

  const openLast = () => open(lastOpened() in store.get().room.channels ? lastOpened() : GENERAL)

  const catchUp = () => {
    const { opened, room } = store.get()
    if (opened === null) return openLast()
    const channel = room.channels[opened.channel]
    if (channel === undefined) return open(GENERAL)
    if (channel.unread > 0) changeRoom((state) => divide(state, channel.id))
    const timeline = room.timelines[channel.id]
    if (timeline?.status !== "ready") {
      changeRoom((state) => withTimelineOf(state, channel.id, { ...EMPTY, ...timeline, status: "loading" }))
      void loadNewest(channel.id)
    }
    readOpened()
  }

  return {
    open,
    loadOlder: () => void page("older"),
    loadNewer: () => void page("newer"),
    toNewest,
    reload: () => {
      const { opened } = store.get()
      if (opened !== null) open(opened.channel, opened.target)
    },
    attend,
    quote: (channel, id, seq) => {
      if (asked.has(id)) return
      asked.add(id)
      void fetchPage(channel, { after: seq - 1 }, 1).then((found) => {
        const message: Message | null = found?.messages.find((candidate) => candidate.id === id) ?? null
        store.update((state) => ({ ...state, quotes: { ...state.quotes, [id]: message } }))
      })
    },
    afterStart: () => {
      const { opened, room } = store.get()
      if (opened === null && room.seq !== null) openLast()
    },
    afterEvents: () => {
      const { opened, room } = store.get()
      if (opened !== null && !(opened.channel in room.channels)) open(GENERAL)
      else readOpened()
    },
    afterHello: () => {
      const channel = lastOpened()
      // What a line was asked for that dropped before its welcome has gone out again by itself.
      if (store.get().room.seq === null) first ??= { channel, page: fetchPage(channel, { before: null }) }
    },
    afterWelcome: () => {
      catchUp()
      first = null
    },
  }
}

function holds(timeline: Timeline | undefined, seq: number): boolean {
  return timeline?.status === "ready" && timeline.messages.some((message) => message.seq === seq)
}

function failed(): Timeline {
  return { ...EMPTY, status: "failed" }
}

/** The line "new" stands where the member stopped reading, until the channel is opened again. */
function divide(room: Room, id: string): Room {
  const channel = room.channels[id]
  const others = without(room.dividers, id)
  const dividers = channel !== undefined && channel.unread > 0 ? { ...others, [id]: channel.read_seq } : others
  return { ...room, dividers }
}
