/**
 * A room as this browser knows it, and what each frame makes of it. Nothing here sends or waits.
 */
import { limits } from "./answers.ts"
import type { Channel, Level, Limits, Member, Message, RoomEvent, Welcome } from "./protocol.ts"
import { amend, EMPTY, held, place, type Timeline } from "./timeline.ts"

export interface Room {
  /** The newest change that has been taken in: where a returning line resumes. Null before the first welcome. */
  readonly seq: number | null
  /** Counts and lists of channels and members hold everything up to here. */
  readonly counted: number
  /** Whether a member is secured is known with the first welcome. */
  readonly me: Pick<Member, "id" | "name" | "role"> & Partial<Pick<Member, "secured">>
  readonly session: string | null
  readonly channels: Readonly<Record<string, Channel>>
  readonly members: Readonly<Record<string, Member>>
  /** Names of members who are gone but whose messages are not. */
  readonly former: Readonly<Record<string, string>>
  readonly retention_days: number | null
  /** Whether this session may make links for new people. */
  readonly invites: boolean
  readonly limits: Limits
  readonly timelines: Readonly<Record<string, Timeline>>
  /** By channel, the message after which the line "new" is shown. */
  readonly dividers: Readonly<Record<string, number>>
  /** Per channel the unread messages that came since we are here: a deletion names nothing but the id. */
  readonly fresh: Readonly<Record<string, readonly Fresh[]>>
  /** Per channel and member: until when they count as writing. */
  readonly typing: Readonly<Record<string, Readonly<Record<string, number>>>>
}

interface Fresh {
  readonly id: string
  readonly seq: number
  readonly concerned: boolean
}

export interface Watching {
  /** The channel that is open. */
  readonly channel: string | null
  /** Whether its newest message is before the member's eyes. */
  readonly attentive: boolean
}

export function emptyRoom(me: Room["me"]): Room {
  return {
    seq: null,
    counted: 0,
    me,
    session: null,
    channels: {},
    members: {},
    former: {},
    retention_days: null,
    invites: false,
    limits: limits({}, "limits"),
    timelines: {},
    dividers: {},
    fresh: {},
    typing: {},
  }
}

export function enter(room: Room, welcome: Welcome): Room {
  const channels = byId(welcome.channels)
  const kept = Object.entries(room.timelines).filter(([id]) => id in channels)
  return {
    ...room,
    seq: welcome.resumed ? room.seq : welcome.seq,
    counted: welcome.seq,
    me: welcome.member,
    session: welcome.session.id,
    channels,
    members: byId(welcome.members),
    former: Object.fromEntries(welcome.former_members.map(({ id, name }) => [id, name])),
    retention_days: welcome.retention_days,
    invites: welcome.invites,
    limits: welcome.limits,
    timelines: Object.fromEntries(kept.map(([id, timeline]) => [id, welcome.resumed ? timeline : stale(timeline)])),
  }
}

/** To be asked for again when it is opened; what was shown stays in sight until then. */
function stale(timeline: Timeline): Timeline {
  return { ...timeline, status: "failed", fetching: null, present: null }
}

export function advance(room: Room, event: RoomEvent, watching: Watching): Room {
  if (room.seq !== null && event.seq <= room.seq) return room
  const next = onTimelines(room, event)
  const uncounted = event.kind === "delete" && event.seq > room.counted ? uncount(next, room, event) : next
  const counted = event.seq > room.counted ? onLists(uncounted, event, watching) : next
  return { ...counted, seq: event.seq, counted: Math.max(room.counted, event.seq) }
}

function onTimelines(room: Room, event: RoomEvent): Room {
  switch (event.kind) {
    case "message":
      return withTimeline(room, event.message.channel, (timeline) => place(timeline, event.message))
    case "edit":
    case "delete":
    case "reaction":
    case "purge":
      return withTimeline(room, event.channel, (timeline) => amend(timeline, event))
    case "channel_deleted":
      return { ...room, timelines: without(room.timelines, event.channel) }
    default:
      return room
  }
}

function onLists(room: Room, event: RoomEvent, watching: Watching): Room {
  switch (event.kind) {
    case "message":
      return countIn(quiet(room, event.message), event.message, watching)
    case "channel": {
      const former = room.channels[event.channel.id]
      const counts = former ?? { last_seq: 0, read_seq: 0, unread: 0, mentions: 0, notify: null }
      const { last_seq, read_seq, unread, mentions, notify } = counts
      return withChannel(room, { ...event.channel, last_seq, read_seq, unread, mentions, notify })
    }
    case "channel_deleted":
      return { ...room, channels: without(room.channels, event.channel) }
    case "member": {
      const online = room.members[event.member.id]?.online ?? event.member.online
      const member = { ...event.member, online }
      const me = member.id === room.me.id ? member : room.me
      return { ...room, me, members: { ...room.members, [member.id]: member } }
    }
    case "member_removed": {
      const name = room.members[event.member]?.name
      const former = name === undefined ? room.former : { ...room.former, [event.member]: name }
      return { ...room, former, members: without(room.members, event.member) }
    }
    case "room":
      return { ...room, retention_days: event.retention_days }
    default:
      return room
  }
}

/** Counts a new message as unread, unless it is one's own; `read_seq` stays what the server knows (history.ts). */
function countIn(room: Room, message: Message, watching: Watching): Room {
  const channel = room.channels[message.channel]
  if (channel === undefined || message.state === "deleted") return room
  const seen = { ...channel, last_seq: Math.max(channel.last_seq, message.seq) }
  if (message.author === room.me.id) {
    const own = withChannel(room, { ...seen, unread: 0, mentions: 0 })
    return { ...own, dividers: without(room.dividers, channel.id), fresh: without(room.fresh, channel.id) }
  }
  const concerned = concerns(room, message)
  const looking = watching.channel === channel.id && watching.attentive
  const fresh = [...(room.fresh[channel.id] ?? []), { id: message.id, seq: message.seq, concerned }]
  const counted = {
    ...withChannel(room, {
      ...seen,
      unread: channel.unread + 1,
      mentions: channel.mentions + (concerned ? 1 : 0),
    }),
    fresh: { ...room.fresh, [channel.id]: fresh },
  }
  if (looking || watching.channel !== channel.id || channel.unread > 0) return counted
  return { ...counted, dividers: { ...room.dividers, [channel.id]: channel.last_seq } }
}

/** A deleted message of somebody else's is not unread any more; `before` still knows whose it was. */
function uncount(room: Room, before: Room, { id, channel: where }: { id: string; channel: string }): Room {
  const channel = room.channels[where]
  const shown = held(before.timelines[where], id)
  const known =
    room.fresh[where]?.find((each) => each.id === id) ??
    (shown !== undefined && shown.state !== "deleted" && shown.author !== room.me.id
      ? { seq: shown.seq, concerned: concerns(before, shown) }
      : undefined)
  if (channel === undefined || known === undefined || known.seq <= channel.read_seq || channel.unread === 0) return room
  const mentions = Math.max(0, channel.mentions - (known.concerned ? 1 : 0))
  return withChannel(room, { ...channel, unread: channel.unread - 1, mentions })
}

/** Whether a message mentions me or answers me. */
export function concerns(room: Room, message: Message): boolean {
  if (message.state !== "said") return false
  if (message.mentions.includes(room.me.id)) return true
  const answered = held(room.timelines[message.channel], message.reply_to)
  return answered?.state === "said" && answered.author === room.me.id
}

/** A member who has sent a message is no longer typing it. */
function quiet(room: Room, message: Message): Room {
  const writers = room.typing[message.channel]
  if (writers === undefined || message.state === "deleted" || !(message.author in writers)) return room
  return { ...room, typing: { ...room.typing, [message.channel]: without(writers, message.author) } }
}

export function markRead(room: Room, id: string, seq: number, counts = { unread: 0, mentions: 0 }): Room {
  const channel = room.channels[id]
  if (channel === undefined || (seq <= channel.read_seq && channel.unread === counts.unread)) return room
  const fresh = { ...room.fresh, [id]: (room.fresh[id] ?? []).filter((each) => each.seq > seq) }
  return { ...withChannel(room, { ...channel, read_seq: Math.max(seq, channel.read_seq), ...counts }), fresh }
}

export function markLevel(room: Room, id: string, notify: Level): Room {
  const channel = room.channels[id]
  return channel === undefined ? room : withChannel(room, { ...channel, notify })
}

export function markPresence(room: Room, online: readonly string[], offline: readonly string[]): Room {
  const members = { ...room.members }
  for (const [ids, state] of [[online, true] as const, [offline, false] as const]) {
    for (const id of ids) {
      const member = members[id]
      if (member !== undefined) members[id] = { ...member, online: state }
    }
  }
  return { ...room, members }
}

export function markTyping(room: Room, channel: string, member: string, until: number): Room {
  return { ...room, typing: { ...room.typing, [channel]: { ...room.typing[channel], [member]: until } } }
}

export function forgetTyping(room: Room, now: number): Room {
  const typing = Object.entries(room.typing).flatMap(([channel, writers]) => {
    const still = Object.entries(writers).filter(([, until]) => until > now)
    return still.length === 0 ? [] : [[channel, Object.fromEntries(still)] as const]
  })
  return { ...room, typing: Object.fromEntries(typing) }
}

export function withTimeline(room: Room, channel: string, change: (timeline: Timeline) => Timeline): Room {
  const former = room.timelines[channel]
  if (former === undefined) return room
  const timeline = change(former)
  return timeline === former ? room : { ...room, timelines: { ...room.timelines, [channel]: timeline } }
}

export function withTimelineOf(room: Room, channel: string, timeline: Timeline = EMPTY): Room {
  return { ...room, timelines: { ...room.timelines, [channel]: timeline } }
}

function withChannel(room: Room, channel: Channel): Room {
  return { ...room, channels: { ...room.channels, [channel.id]: channel } }
}

export function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  const { [key]: _, ...rest } = record
  return rest
}

function byId<T extends { readonly id: string }>(items: readonly T[]): Readonly<Record<string, T>> {
  return Object.fromEntries(items.map((item) => [item.id, item]))
}

/** A member's name, gone ones included. */
export function nameOf(room: Room, member: string): string | null {
  return room.members[member]?.name ?? room.former[member] ?? null
}
