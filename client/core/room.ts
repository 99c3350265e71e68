/**
 * A room as this browser knows it, and what each frame makes of it. Nothing here sends or waits.
 */
import { limits } from "./answers.ts"
import type { Channel, Limits, Look, Member, Message, RoomEvent, Welcome } from "./protocol.ts"
import { amend, EMPTY, follow, held, type Timeline } from "./timeline.ts"

export interface Room {
  /** The newest change that has been taken in: where a returning line resumes. Null before the first welcome. */
  readonly seq: number | null
  /** Counts and lists of channels and members hold everything up to here. */
  readonly counted: number
  /** The same of each lane. */
  readonly lanes: Readonly<Record<string, Head>>
  /** Whether the server knows lanes. */
  readonly hasLanes: boolean
  readonly supervision: boolean
  readonly direct_messages: string
  readonly call_url: string | null
  /** Whether a member is secured is known with the first welcome. */
  readonly me: Pick<Member, "id" | "name" | "role"> & Partial<Pick<Member, "secured">>
  readonly session: string | null
  readonly channels: Readonly<Record<string, Channel>>
  readonly members: Readonly<Record<string, Member>>
  /** Members who are gone but whose messages are not. */
  readonly former: Readonly<Record<string, Member>>
  readonly retention_days: number | null
  /** Null: a server that does not say. */
  readonly look: Look | null
  /** What open channels had up to here was there when the member came. */
  readonly joined_seq?: number
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

export interface Head {
  readonly seq: number
  readonly counted: number
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
    lanes: {},
    hasLanes: false,
    supervision: false,
    direct_messages: "everyone",
    call_url: null,
    me,
    session: null,
    channels: {},
    members: {},
    former: {},
    retention_days: null,
    look: null,
    invites: false,
    limits: limits({}, "limits"),
    timelines: {},
    dividers: {},
    fresh: {},
    typing: {},
  }
}

export function enter(room: Room, welcome: Welcome): Room {
  const members = byId(welcome.members)
  const known = { ...room, me: welcome.member, members, former: byId(welcome.former_members) }
  const channels = byId(welcome.channels.map((channel) => named(known, channel)))
  const lanes = welcome.channels.filter(isLane)
  const resumed = (id: string) =>
    room.lanes[id] === undefined && channels[id]?.kind === "open"
      ? welcome.resumed
      : welcome.lanes_resumed?.includes(id) === true
  const kept = Object.entries(room.timelines).filter(([id]) => id in channels)
  return {
    ...known,
    seq: welcome.resumed ? room.seq : welcome.seq,
    counted: welcome.seq,
    lanes: Object.fromEntries(
      lanes.map(({ id, seq }) => [id, { seq: (resumed(id) && room.lanes[id]?.seq) || seq, counted: seq }]),
    ),
    hasLanes: welcome.lanes_resumed !== null,
    supervision: welcome.supervision,
    direct_messages: welcome.direct_messages,
    call_url: welcome.call_url,
    session: welcome.session.id,
    channels,
    retention_days: welcome.retention_days,
    look: welcome.room,
    joined_seq: welcome.joined_seq,
    invites: welcome.invites,
    limits: welcome.limits,
    timelines: Object.fromEntries(kept.map(([id, timeline]) => [id, resumed(id) ? timeline : stale(timeline)])),
  }
}

export const isLane = ({ kind }: Pick<Channel, "kind">) => kind !== "open"

/** The member has got a lane, or it is not what it was: its messages are asked for anew. */
export function enterLane(room: Room, channel: Channel): Room {
  const { id, seq } = channel
  const next = withChannel(room, named(room, channel))
  return { ...withTimeline(next, id, anew), lanes: { ...room.lanes, [id]: { seq, counted: seq } } }
}

/** Nothing is left of a lane. */
export function leaveLane(room: Room, id: string): Room {
  return {
    ...room,
    channels: without(room.channels, id),
    lanes: without(room.lanes, id),
    timelines: without(room.timelines, id),
    dividers: without(room.dividers, id),
    fresh: without(room.fresh, id),
    typing: without(room.typing, id),
  }
}

/** A direct conversation is called by the others in it; the place for one's own notes has no name. */
function named(room: Room, channel: Channel): Channel {
  if (channel.kind !== "direct") return channel
  const others = channel.members.filter((id) => id !== room.me.id).map((id) => nameOf(room, id) ?? "?")
  return { ...channel, name: others.join(", ") }
}

/** What was shown has another `seq` now, or is not to be seen any more. */
const anew = (): Timeline => ({ ...EMPTY, status: "failed" })

/** To be asked for again when it is opened; what was shown stays in sight until then. */
function stale(timeline: Timeline): Timeline {
  return { ...timeline, status: "failed", fetching: null, present: null }
}

/** @param lane whose event it is; null: the room's. */
export function advance(room: Room, event: RoomEvent, watching: Watching, lane: string | null = null): Room {
  if (lane === null) return take(room, event, watching)
  const head = room.lanes[lane]
  if (head === undefined) return room
  const { seq, counted } = room
  const next = take({ ...room, ...head }, event, watching, room.channels[lane])
  return { ...next, seq, counted, lanes: { ...room.lanes, [lane]: { seq: next.seq ?? 0, counted: next.counted } } }
}

function take(room: Room, event: RoomEvent, watching: Watching, lane?: Channel): Room {
  if (room.seq !== null && event.seq <= room.seq) return room
  const next = onTimelines(room, event)
  const uncounted = event.kind === "delete" && event.seq > room.counted ? uncount(next, room, event) : next
  const counted = event.seq > room.counted ? onLists(uncounted, event, watching, lane) : next
  return { ...counted, seq: event.seq, counted: Math.max(room.counted, event.seq) }
}

function onTimelines(room: Room, event: RoomEvent): Room {
  switch (event.kind) {
    case "message":
      return withTimeline(room, event.message.channel, (timeline) => follow(timeline, event))
    case "edit":
    case "delete":
    case "reaction":
    case "vote":
    case "poll_closed":
    case "pin":
    case "purge":
      return withTimeline(room, event.channel, (timeline) => amend(timeline, event))
    case "channel_deleted":
      return { ...room, timelines: without(room.timelines, event.channel) }
    default:
      return room
  }
}

/** @param lane the one whose event it is, as it was. */
function onLists(room: Room, event: RoomEvent, watching: Watching, lane?: Channel): Room {
  switch (event.kind) {
    case "message":
      return countIn(quiet(room, event.message), event.message, watching)
    case "channel": {
      const former = room.channels[event.channel.id]
      const counts = former ?? { last_seq: 0, read_seq: 0, unread: 0, mentions: 0, notify: null, starred: false }
      const { last_seq, read_seq, unread, mentions, notify, starred } = counts
      const next = { ...event.channel, last_seq, read_seq, unread, mentions, notify, starred }
      if (lane === undefined) {
        // What was a lane until now has another `seq`.
        const open = withChannel(room, next)
        if (former === undefined || !isLane(former)) return open
        return { ...withTimeline(open, next.id, anew), lanes: without(room.lanes, next.id) }
      }
      const { kind, members, since_seq, last_at } = lane
      const keepers = next.keepers.length > 0 ? next.keepers : lane.keepers
      return withChannel(room, { ...next, kind, members, since_seq, last_at, keepers })
    }
    case "members": {
      const channel = room.channels[event.channel]
      if (channel === undefined) return room
      const stay = channel.members.filter((id) => !event.removed.includes(id) && !event.added.includes(id))
      return withChannel(room, named(room, { ...channel, members: [...stay, ...event.added] }))
    }
    case "channel_deleted":
      return { ...room, channels: without(room.channels, event.channel) }
    case "member": {
      const online = room.members[event.member.id]?.online ?? event.member.online
      const member = { ...event.member, online }
      const me = member.id === room.me.id ? member : room.me
      const next = { ...room, me, members: { ...room.members, [member.id]: member } }
      // Conversations are called by who is in them.
      return { ...next, channels: byId(Object.values(room.channels).map((channel) => named(next, channel))) }
    }
    case "member_removed": {
      const member = room.members[event.member]
      const former = { ...room.former, ...(member && { [event.member]: member }) }
      return { ...room, former, members: without(room.members, event.member) }
    }
    case "former":
      return { ...room, former: { ...room.former, ...byId(event.members) } }
    case "room":
      return { ...room, retention_days: event.retention_days, look: event.room ?? room.look }
    default:
      return room
  }
}

/** Counts a new message as unread, unless it is one's own; `read_seq` stays what the server knows (history.ts). */
function countIn(room: Room, message: Message, watching: Watching): Room {
  const channel = room.channels[message.channel]
  if (channel === undefined || message.state === "deleted") return room
  const last_at = message.state === "said" ? message.sent_at : channel.last_at
  const seen = { ...channel, last_seq: Math.max(channel.last_seq, message.seq), last_at }
  if (message.state === "said" && message.imported_at) return withChannel(room, seen)
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

/** @param back the member wants to read again what comes after it. */
export function markRead(room: Room, id: string, seq: number, counts = { unread: 0, mentions: 0 }, back = false): Room {
  const channel = room.channels[id]
  if (channel === undefined || (!back && seq <= channel.read_seq && channel.unread === counts.unread)) return room
  const fresh = { ...room.fresh, [id]: (room.fresh[id] ?? []).filter((each) => each.seq > seq) }
  const read_seq = back ? seq : Math.max(seq, channel.read_seq)
  const dividers = back ? { ...room.dividers, [id]: seq } : room.dividers
  return { ...withChannel(room, { ...channel, read_seq, ...counts }), fresh, dividers }
}

/** What a member chooses of a channel for themselves. */
export function markChosen(room: Room, id: string, chosen: Partial<Pick<Channel, "notify" | "starred">>): Room {
  const channel = room.channels[id]
  return channel === undefined ? room : withChannel(room, { ...channel, ...chosen })
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

/** Those who read what is said in a channel, and may be mentioned there. */
export function peopleIn({ channels, members }: Room, id: string): readonly Member[] {
  const channel = channels[id]
  const all = Object.values(members)
  return channel === undefined || !isLane(channel) ? all : all.filter((member) => channel.members.includes(member.id))
}

/** A member's name, gone ones included. */
export function nameOf(room: Room, member: string): string | null {
  return (room.members[member] ?? room.former[member])?.name ?? null
}

/** Nobody else is in the room, bots aside. */
export function isAlone({ members }: Room): boolean {
  return Object.values(members).filter(({ role }) => role !== "bot").length <= 1
}
