/** Opening channels, paging through their history, and what counts as read. */

import { GENERAL } from "./contract.ts"
import type { Follower, Hub, Way } from "./hub.ts"
import type { Message, Page, RoomEvent } from "./protocol.ts"
import { Refused } from "./requests.ts"
import { markRead, type Room, without, withTimeline, withTimelineOf } from "./room.ts"
import { amended, detach, EMPTY, extend, follow, prepend, showAround, showNewest, type Timeline } from "./timeline.ts"

const PAGE = 60
/** Jumps that can be gone back. */
const MOST_WAYS = 20

export interface History extends Follower {
  /** Opens a channel, at a message if one is named, else where it was left. */
  open(channel: string, target?: number | null): void
  /** Opens the place of an address, as soon as it is known whether there is such a channel. */
  visit(channel: string, target: number | null): void
  loadOlder(): void
  loadNewer(): void
  toNewest(): void
  /** Goes where the member was before the last jump to a message. */
  back(): void
  /** Tries again what failed to load. */
  reload(): void
  /**
   * What is before the member's eyes: whether that is the newest message of the open channel, and otherwise the message at
   * the top.
   */
  attend(attentive: boolean, at?: number | null): void
  /** Fetches a message that is quoted but not shown. */
  quote(channel: string, id: string, seq: number): void
  /** What was kept of the last visit is there: show the channel that was open. */
  afterStart(): void
}

/** What an answer makes of the run that is shown; null: the server would not give it. */
type Show = ((timeline: Timeline) => Timeline) | null

interface Place {
  readonly channel: string
  readonly target: number | null
}

/** A question under way, and what has happened since it was asked: an answer may be older than that. */
type Since = RoomEvent[]
/** The question for a run, at a message or at the end. */
type Load = Since & { target?: number | null }

export function createHistory(hub: Hub): History {
  const { store, requests, changeRoom, ports } = hub
  const asked = new Set<string>()
  let visit = 0
  let standing: number | null = null
  /** Per channel, the one question whose answer is still wanted: a later one takes its place. */
  const loads = new Map<string, Load>()
  const pages = new Map<string, Since>()
  /** Where an address leads, until the room is known. */
  let wanted: Place | null = null
  /** What was asked for together with the hello, where nothing was known of the room. */
  let first: (Place & { readonly show: Promise<Show> }) | null = null

  const timelineOf = (channel: string): Timeline | undefined => store.get().room.timelines[channel]

  /** Asks for a page; null when it was refused. */
  const fetchPage = async (
    channel: string,
    where: { before: number | null } | { after: number } | { around: number },
    limit = PAGE,
  ): Promise<Page | null> => {
    try {
      const page = await requests.ask({ type: "history", channel, limit, ...where })
      return page.type === "history" ? page : null
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return null
    }
  }

  const fetchPlace = async ({ channel, target }: Place): Promise<Show> => {
    const page = await fetchPage(channel, target === null ? { before: null } : { around: target })
    return page && ((timeline) => (target === null ? showNewest : showAround)(timeline, page))
  }

  const load = async (channel: string, target: number | null) => {
    const since: Load = Object.assign([], { target })
    loads.set(channel, since)
    // A page that was on its way belongs to a run that goes.
    pages.delete(channel)
    const asOpened = first?.channel === channel && first.target === target
    const show = await (asOpened ? first?.show : fetchPlace({ channel, target }))
    if (loads.get(channel) !== since) return
    loads.delete(channel)
    changeRoom((room) =>
      withTimeline(room, channel, (timeline) =>
        show ? since.reduce(follow, show(timeline)) : { ...timeline, status: "failed", fetching: null },
      ),
    )
    if (show && target !== null && !holds(timelineOf(channel), target)) hub.showNotice({ code: "message_missing" })
    readOpened()
  }

  /** Shows the run that has this message, or the one up to the present: what is here already, or else what the server has. */
  const showRun = (channel: string, at: number | null) => {
    const shown = timelineOf(channel)
    const present = shown?.present
    const underWay = loads.get(channel)
    if (at === null ? shown?.status === "ready" && !shown.newer : holds(shown, at)) return
    if (present && (at === null || holds(present, at))) {
      loads.delete(channel)
      pages.delete(channel)
      return changeRoom((room) => withTimelineOf(room, channel, present))
    }
    if (shown?.status === "loading" && underWay?.target === at) return
    changeRoom((room) => withTimelineOf(room, channel, at === null ? EMPTY : detach(shown)))
    void load(channel, at)
  }

  const enter = (way: Way, ways: readonly Way[]) => {
    const before = store.get()
    wanted = null
    visit += 1
    standing = way.at
    const { channel, target, at } = way
    const kept = target !== null && before.opened?.channel === channel && before.opened.kept === true
    store.update((state) => ({
      ...state,
      opened: { channel, target, at, visit, entered: visit, kept },
      ways,
      attentive: false,
    }))
    readOpened(true, before)
    if (before.opened?.channel !== way.channel) changeRoom((state) => divide(state, way.channel))
    ports.shelf.set(hub.shelfKey("channel"), way.channel)
    showRun(way.channel, way.at)
  }

  const open = (channel: string, target: number | null = null) => {
    const { opened, ways } = store.get()
    const left = target === null || opened === null ? [] : [...ways, { ...opened, at: standing }].slice(-MOST_WAYS)
    enter({ channel, target, at: target }, left)
  }

  const back = () => {
    const { ways, room } = store.get()
    const way = ways.at(-1)
    if (way !== undefined && Object.hasOwn(room.channels, way.channel)) enter(way, ways.slice(0, -1))
  }

  const visitPlace = (channel: string, target: number | null) => {
    const { room, connection, ways } = store.get()
    const way = ways.at(-1)
    // The browser's own way back.
    if (way?.channel === channel && way.target === target) return back()
    if (Object.hasOwn(room.channels, channel)) return open(channel, target)
    wanted = { channel, target }
    // What was kept of the last visit may be older than the channel.
    if (room.seq !== null && connection.status === "live") openLast()
  }

  const page = async (side: "older" | "newer") => {
    const channel = store.get().opened?.channel
    const timeline = channel === undefined ? undefined : timelineOf(channel)
    const edge = timeline?.messages.at(side === "older" ? 0 : -1)
    if (channel === undefined || timeline === undefined || edge === undefined) return
    if (timeline.status !== "ready" || timeline.fetching !== null || !timeline[side]) return
    changeRoom((room) => withTimeline(room, channel, (state) => ({ ...state, fetching: side })))
    const since: Since = []
    pages.set(channel, since)
    const where = side === "older" ? { before: edge.seq } : { after: edge.seq }
    const found = await fetchPage(channel, where)
    if (pages.get(channel) !== since) return
    pages.delete(channel)
    const add = side === "older" ? prepend : extend
    changeRoom((room) =>
      withTimeline(room, channel, (state) =>
        // The room's rules may have taken the edge meanwhile: there would be a gap.
        found === null || state.messages.at(side === "older" ? 0 : -1)?.seq !== edge.seq
          ? { ...state, fetching: null }
          : since.reduce(follow, add(state, found)),
      ),
    )
  }

  /** Own messages are sent as read only on leaving: a `read` for each would write a row for each. */
  const readOpened = (leaving = false, { opened, attentive, room, connection } = store.get()) => {
    if (opened === null || opened.kept || !attentive || connection.status !== "live") return
    const timeline = room.timelines[opened.channel]
    const last = timeline?.messages.at(-1)
    const channel = room.channels[opened.channel]
    if (last === undefined || timeline?.status !== "ready" || timeline.newer || channel === undefined) return
    if (channel.unread === 0 && (!leaving || channel.read_seq >= last.seq)) return
    hub.send({ type: "read", channel: channel.id, seq: last.seq })
    changeRoom((state) => markRead(state, channel.id, last.seq))
  }

  const attend = (attentive: boolean, at: number | null = null) => {
    standing = at
    readOpened(!attentive)
    store.update((state) => {
      if (state.attentive === attentive) return state
      // Who stands at the end needs no way back to it.
      const ways = state.ways.filter((way) => !attentive || way.at !== null || way.channel !== state.opened?.channel)
      return { ...state, attentive, ways }
    })
    readOpened()
  }

  const toNewest = () => {
    const { opened } = store.get()
    if (opened === null) return
    changeRoom((room) => ({ ...room, dividers: without(room.dividers, opened.channel) }))
    showRun(opened.channel, null)
    visit += 1
    standing = null
    store.update((state) => ({
      ...state,
      ways: [],
      opened: { ...opened, target: null, at: null, visit },
    }))
  }

  const lastOpened = () => ports.shelf.get(hub.shelfKey("channel")) ?? GENERAL

  /** Where the address leads, or else where the member was. */
  const openLast = () => {
    const { room, opened } = store.get()
    const place = wanted
    wanted = null
    if (place !== null && Object.hasOwn(room.channels, place.channel)) return open(place.channel, place.target)
    if (place !== null) hub.showNotice({ code: "channel_missing" })
    if (opened === null || place === null) open(lastOpened() in room.channels ? lastOpened() : GENERAL)
    // Set again, so that the address follows the screen.
    else store.update((state) => ({ ...state, opened: { ...opened } }))
  }

  const catchUp = () => {
    const { opened, room } = store.get()
    if (opened === null || wanted !== null) openLast()
    const now = store.get().opened
    if (opened === null || now === null || now.visit !== opened.visit) return
    const channel = room.channels[opened.channel]
    if (channel === undefined) return open(GENERAL)
    if (channel.unread > 0) changeRoom((state) => divide(state, channel.id))
    const timeline = room.timelines[channel.id]
    if (timeline?.status !== "ready") {
      changeRoom((state) => withTimelineOf(state, channel.id, { ...EMPTY, ...timeline, status: "loading" }))
      // What was asked for before the line dropped has been asked for again (requests.ts).
      if (!loads.has(channel.id)) void load(channel.id, opened.at)
    }
    readOpened()
  }

  /** Questions under way, and quotes, learn of what happens meanwhile. */
  const remember = (event: RoomEvent) => {
    const channel = event.kind === "message" ? event.message.channel : "channel" in event ? event.channel : null
    if (typeof channel !== "string") return
    loads.get(channel)?.push(event)
    pages.get(channel)?.push(event)
    for (const since of quoting) since.push(event)
    const quoted = "id" in event ? store.get().quotes[event.id] : undefined
    if (quoted) keepQuote(quoted.id, amended(quoted, event))
  }

  const quoting = new Set<Since>()

  const keepQuote = (id: string, message: Message | null) =>
    store.update((state) => ({ ...state, quotes: { ...state.quotes, [id]: message } }))

  const quote = async (channel: string, id: string, seq: number) => {
    if (asked.has(id)) return
    asked.add(id)
    const since: Since = []
    quoting.add(since)
    const found = await fetchPage(channel, { after: seq - 1 }, 1)
    quoting.delete(since)
    const message = found?.messages.find((candidate) => candidate.id === id)
    keepQuote(id, message === undefined ? null : since.reduce(amended, message))
  }

  return {
    open,
    visit: visitPlace,
    loadOlder: () => void page("older"),
    loadNewer: () => void page("newer"),
    toNewest,
    back,
    reload: () => {
      const { opened, ways } = store.get()
      if (opened !== null) enter(opened, ways)
    },
    attend,
    quote: (channel, id, seq) => void quote(channel, id, seq),
    afterStart: () => {
      const { opened, room } = store.get()
      if (opened !== null || room.seq === null) return
      // What was kept of the last visit may be older than the channel that is wanted: that shows when the line stands.
      const later = wanted !== null && !Object.hasOwn(room.channels, wanted.channel) ? wanted : null
      if (later !== null) wanted = null
      openLast()
      wanted = later
    },
    afterEvents: (events) => {
      for (const event of events) remember(event)
      const { opened, room } = store.get()
      if (opened !== null && !Object.hasOwn(room.channels, opened.channel)) return open(GENERAL)
      if (opened?.kept && events.some((event) => isOwn(event, room, opened.channel)))
        store.update((state) => ({ ...state, opened: { ...opened, kept: false } }))
      readOpened()
    },
    afterHello: () => {
      const place = wanted ?? { channel: lastOpened(), target: null }
      // What a line was asked for that dropped before its welcome has gone out again by itself.
      if (store.get().room.seq === null) first ??= { ...place, show: fetchPlace(place) }
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

/** Who writes in a channel has read it. */
function isOwn(event: RoomEvent, room: Room, channel: string): boolean {
  return event.kind === "message" && event.message.channel === channel && authorOf(event.message) === room.me.id
}

function authorOf(message: Message): string | null {
  return message.state === "deleted" ? null : message.author
}

/** The line "new" stays where the member stopped reading, until the channel is opened again. */
function divide(room: Room, id: string): Room {
  const channel = room.channels[id]
  const others = without(room.dividers, id)
  const dividers = channel !== undefined && channel.unread > 0 ? { ...others, [id]: channel.read_seq } : others
  return { ...room, dividers }
}
