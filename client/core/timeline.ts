/**
 * What this browser knows of one channel's history: an unbroken run of messages, oldest first. While an older piece is shown,
 * the run that reaches up to the present is kept beside it, until scrolling joins them.
 *
 * Every function gives a new timeline and leaves the old one alone; what changes nothing gives the same one back.
 */
import type { Message, Page, RoomEvent, Said } from "./protocol.ts"

export interface Timeline {
  readonly messages: readonly Message[]
  readonly status: "loading" | "ready" | "failed"
  /** Whether the server has more before the first, or after the last. */
  readonly older: boolean
  readonly newer: boolean
  readonly fetching: "older" | "newer" | null
  /** Messages were removed by the room's retention before the first. */
  readonly purged: boolean
  /** The channel's pinned messages by `seq`, newest pin first, be they shown or not. */
  readonly pinned: readonly number[]
  /** The run up to the present, which new messages go to, while another piece is shown. */
  readonly present: Timeline | null
}

export const EMPTY: Timeline = {
  messages: [],
  status: "loading",
  older: false,
  newer: false,
  fetching: null,
  purged: false,
  pinned: [],
  present: null,
}

/** The newest page has come; what arrived live while it was on its way stays. */
export function showNewest(timeline: Timeline, page: Page): Timeline {
  const last = page.messages.at(-1)?.seq ?? 0
  const live = timeline.newer ? [] : timeline.messages.filter(({ seq }) => seq > last)
  return {
    ...timeline,
    messages: [...page.messages, ...live],
    status: "ready",
    older: page.more,
    newer: false,
    fetching: null,
    pinned: page.pinned,
    present: null,
  }
}

/** Makes room for another piece; what reaches up to the present is kept. */
export function detach(timeline: Timeline = EMPTY): Timeline {
  const isPresent = timeline.status === "ready" && !timeline.newer
  return { ...EMPTY, pinned: timeline.pinned, present: isPresent ? { ...timeline, fetching: null } : timeline.present }
}

/** The page around one message; what arrived live meanwhile stays if the run reaches up to it. */
export function showAround(timeline: Timeline, { messages, older, newer, pinned }: Page): Timeline {
  const last = messages.at(-1)?.seq ?? 0
  const live = newer || timeline.newer ? [] : timeline.messages.filter(({ seq }) => seq > last)
  const { present } = timeline
  return join({ ...EMPTY, messages: [...messages, ...live], status: "ready", older, newer, pinned, present })
}

/** A piece that touches the run up to the present becomes one with it. */
function join(piece: Timeline): Timeline {
  const { present, messages, newer } = piece
  const last = messages.at(-1)?.seq ?? 0
  if (present === null || (newer && last < (present.messages[0]?.seq ?? 0))) return piece
  const rest = present.messages.filter(({ seq }) => seq > last)
  return { ...piece, messages: [...messages, ...rest], newer: false, present: null }
}

export function prepend(timeline: Timeline, page: Page): Timeline {
  const first = timeline.messages[0]?.seq ?? Number.POSITIVE_INFINITY
  const older = page.messages.filter(({ seq }) => seq < first)
  return { ...timeline, messages: [...older, ...timeline.messages], older: page.more, fetching: null }
}

export function extend(timeline: Timeline, page: Page): Timeline {
  const last = timeline.messages.at(-1)?.seq ?? 0
  const newer = page.messages.filter(({ seq }) => seq > last)
  return join({ ...timeline, messages: [...timeline.messages, ...newer], newer: page.more, fetching: null })
}

/** Puts a message where its `seq` belongs, once. Not into a run that does not reach up to the present. */
export function place(timeline: Timeline, message: Message): Timeline {
  const { messages, present } = timeline
  if (present !== null) return beside(timeline, place(present, message))
  if (timeline.newer) return timeline
  const first = messages[0]
  if (timeline.older && first !== undefined && message.seq < first.seq) return timeline
  const at = messages.findLastIndex(({ seq }) => seq <= message.seq)
  if (messages[at]?.seq === message.seq) return timeline
  return { ...timeline, messages: messages.toSpliced(at + 1, 0, message) }
}

/** The timeline after an event of its channel; the same event twice changes nothing more. */
export function follow(timeline: Timeline, event: RoomEvent): Timeline {
  return amend(event.kind === "message" ? place(timeline, event.message) : timeline, event)
}

/** One message after a change, be it its own or another's. */
export function amended(message: Message, event: RoomEvent): Message {
  return amend({ ...EMPTY, messages: [message] }, event).messages[0] ?? message
}

/** The timeline after a change of one of its messages. */
export function amend(timeline: Timeline, event: RoomEvent): Timeline {
  const { present } = timeline
  const amended = amendShown(timeline, event)
  return present === null ? amended : beside(amended, amend(present, event))
}

function beside(timeline: Timeline, present: Timeline): Timeline {
  return present === timeline.present ? timeline : { ...timeline, present }
}

/** A message that this browser has, be it shown or not. */
export function held(timeline: Timeline | undefined, id: string | null): Message | undefined {
  const isIt = (message: Message) => message.id === id
  return timeline?.messages.find(isIt) ?? timeline?.present?.messages.find(isIt)
}

function amendShown(timeline: Timeline, event: RoomEvent): Timeline {
  switch (event.kind) {
    case "message":
      return recount(timeline, event.seq, event.message.state === "said" ? event.message : NO_REPLY)
    case "edit":
      return revise(timeline, event, (message) => ({
        ...message,
        body: event.body,
        edited_at: event.edited_at || null, // 0: an edit was refused, and there was none before
        mentions: event.mentions,
      }))
    case "reaction":
      return revise(timeline, event, (message) => ({
        ...message,
        reactions: reactionsAfter(message.reactions, event.emoji, event.by, event.on),
      }))
    case "vote":
    case "poll_closed":
      return revise(timeline, event, (message) => ({ ...message, poll: pollAfter(message.poll, event) }))
    case "pin":
      return pin(timeline, event.message_seq, event.on)
    case "delete":
      return recount(
        replace(pin(timeline, event.unpinned, false), event.id, (message) => withoutText(message, event.at)),
        event.seq,
        { ...event, sent_at: null },
      )
    case "purge":
      return purge(timeline, event.up_to_seq)
    default:
      return timeline
  }
}

function pollAfter(poll: Said["poll"], event: Extract<RoomEvent, { kind: "vote" | "poll_closed" }>): Said["poll"] {
  if (event.kind === "poll_closed") return { ...poll, closed_at: event.at, closed_by: event.by }
  // as: whatever else stands there, pollOf says so.
  return { ...poll, votes: { ...(poll?.["votes"] as object), [event.by]: event.options } }
}

/** What is left of a message that is deleted. */
export function withoutText(message: Message, deleted_at: number): Message {
  if (message.state === "deleted") return message
  const { seq, id, channel, author, sent_at, replies } = message
  return { state: "deleted", seq, id, channel, deleted_at, former: { author, sent_at }, ...(replies && { replies }) }
}

export function reactionsAfter(
  reactions: Said["reactions"],
  emoji: string,
  by: string,
  on: boolean,
): Said["reactions"] {
  const others = (reactions[emoji] ?? []).filter((member) => member !== by)
  const next = on ? [...others, by] : others
  if (next.length > 0) return { ...reactions, [emoji]: next }
  return Object.fromEntries(Object.entries(reactions).filter(([key]) => key !== emoji))
}

const NO_REPLY = { reply_seq: null, sent_at: null }

/** From here on the server does not count either. */
export const MANY_REPLIES = 100

/** One reply more, or one less where `sent_at` is null. What a page has counted counts once. */
function recount(
  timeline: Timeline,
  seq: number,
  { reply_seq, sent_at }: { readonly reply_seq: number | null; readonly sent_at: number | null },
): Timeline {
  const at = timeline.messages.findLastIndex((message) => message.seq === reply_seq)
  const message = timeline.messages[at]
  const { count, as_of } = message?.replies ?? { count: 0, as_of: 0 }
  if (message === undefined || seq <= as_of) return timeline
  const less = count < MANY_REPLIES ? Math.max(0, count - 1) : count
  const replies = { count: sent_at === null ? less : count + 1, at: sent_at, as_of: seq }
  const counted = <M extends Message>(each: M): M => ({ ...each, replies })
  const next = message.state === "said" ? asStored(message, counted) : counted(message)
  return { ...timeline, messages: timeline.messages.with(at, next) }
}

function purge(timeline: Timeline, upTo: number): Timeline {
  const pinned = timeline.pinned.filter((seq) => seq > upTo)
  const messages = timeline.messages.filter(({ seq }) => seq > upTo)
  const before = timeline.pinned.length
  if (messages.length === timeline.messages.length) return pinned.length === before ? timeline : { ...timeline, pinned }
  return { ...timeline, messages, pinned, older: false, purged: true }
}

function pin(timeline: Timeline, seq: number, on: boolean): Timeline {
  const { pinned } = timeline
  if (pinned.includes(seq) === on) return timeline
  return { ...timeline, pinned: on ? [seq, ...pinned] : pinned.filter((each) => each !== seq) }
}

/** What has no `seq` yet is on its way: it is shown, but the room may never have it. */
function revise(timeline: Timeline, event: { id: string; seq: number }, change: (message: Said) => Said): Timeline {
  return replace(timeline, event.id, (message) => {
    if (message.state !== "said") return message
    return event.seq === 0 ? { ...change(message), stored: message.stored ?? message } : asStored(message, change)
  })
}

/** A message after a change that the room has; so has what it was before another one, which is on its way. */
function asStored(message: Said, change: (message: Said) => Said): Said {
  const { stored } = message
  return { ...change(message), ...(stored && { stored: change(stored) }) }
}

function replace(timeline: Timeline, id: string, change: (message: Message) => Message): Timeline {
  const at = timeline.messages.findLastIndex((message) => message.id === id)
  const former = timeline.messages[at]
  if (former === undefined) return timeline
  return { ...timeline, messages: timeline.messages.with(at, change(former)) }
}
