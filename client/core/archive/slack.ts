/**
 * An export in the layout in which Slack exports a workspace, which Mattermost and Zulip import: users.json, a list of
 * channels for each kind, and `{channel}/YYYY-MM-DD.json`; files stand in `__uploads/{id}/{name}`, where Mattermost looks.
 *
 * What Slack has no place for is left out: deleted messages, and what keeps no text.
 */

import { savedName } from "../files/names.ts"
import type { FileInfo } from "../files/types.ts"
import { namesOf } from "../mentions.ts"
import { textWithVotes } from "../polls.ts"
import type { Channel, Said } from "../protocol.ts"
import { collect, createReading, remember } from "./files.ts"
import { nameOf } from "./readme.ts"
import { channelFrom } from "./records.ts"
import {
  createSlugs,
  createTimes,
  dayName,
  dayOf,
  emojiName,
  LISTS,
  type Listed,
  NOT_IN_CHANNELS,
  NOT_IN_USERNAMES,
  slackId,
  slackTime,
  USERS,
  uploadName,
} from "./slackNames.ts"
import { slackText } from "./slackText.ts"
import { channelsOf, compare, pagesOf, type Source } from "./source.ts"
import { createSpool } from "./spool.ts"
import type { Part, Wanted, Watch } from "./writer.ts"

/** Those who import want an address for everybody; this one is nobody's for ever (RFC 2606). */
const MAIL = "export.invalid"

interface Place {
  readonly channel: Channel
  readonly kind: Listed
  readonly id: string
  /** Also the folder of its messages. */
  readonly folder: string
}

export async function* partsOfSlack(source: Source, wanted: Wanted, watch: Watch): AsyncGenerator<Part, void> {
  const encoder = new TextEncoder()
  const json = (name: string, value: readonly object[]): Part => ({ name, chunks: once(encoder.encode(listed(value))) })
  const names = await wanted.emojiNames()
  const places = placesOf(source, wanted)
  const collected = collect()
  yield json(USERS, usersOf(source))
  for (const [kind, name] of Object.entries(LISTS)) {
    yield json(
      name,
      places.filter((place) => place.kind === kind).map((place) => listedAs(place, source)),
    )
  }
  let count = 0
  for (const place of places) {
    const spool = createSpool()
    const thread = createThreads()
    for await (const messages of pagesOf(source, place.channel, watch.signal)) {
      const said = messages.filter((message) => message.state === "said")
      remember(collected, said)
      count += said.length
      watch.onProgress({ channel: place.folder, messages: count, files: null, missing: 0 })
      await spool.add(JSON.stringify(said.map((message) => ({ message, ...thread.take(message) }))))
    }
    yield* daysOf(place, spool.texts(), (message, ts) => messageOf(message, ts, thread, source, names), encoder)
  }
  if (!wanted.files) return
  const read = createReading(source, collected, watch.signal)
  const files = [...collected.files.values()]
  const ofBytes = files.reduce((total, { size }) => total + size, 0)
  const progress = { done: 0, of: files.length, bytes: 0, ofBytes }
  for (const file of files) {
    yield { name: uploadName(file.id, savedName(file.name, "file")), chunks: read(file) }
    progress.done += 1
    progress.bytes += file.size
    watch.onProgress({ channel: "", messages: count, files: { ...progress }, missing: collected.missing.length })
  }
}

async function* once(bytes: Uint8Array) {
  yield bytes
}

const listed = (values: readonly object[]) => `[${values.map((value) => `\n${JSON.stringify(value)}`).join(",")}\n]\n`

function placesOf(source: Source, { scope }: Wanted): readonly Place[] {
  const slug = createSlugs(NOT_IN_CHANNELS)
  return channelsOf(source, scope).map((channel): Place => {
    const { kind, name, members } = channel
    if (kind !== "direct") {
      const id = slackId(kind === "open" ? "C" : "G", channel.id)
      return { channel, kind, id, folder: slug(name, id.toLowerCase()) }
    }
    const isGroup = members.length > 2
    const id = slackId(isGroup ? "G" : "D", channel.id)
    return { channel, kind: isGroup ? "group" : "direct", id, folder: isGroup ? slug(`mpdm-${channel.id}`, id) : id }
  })
}

function listedAs({ channel, kind, id, folder }: Place, source: Source): object {
  const members = channel.kind === "open" ? source.members.map((member) => member.id) : channel.members
  const ids = members.map((member) => slackId("U", member))
  // Notes to oneself: both are the same.
  if (kind === "direct") return { id, created: 0, members: ids.length === 1 ? [...ids, ...ids] : ids }
  const people = [...source.members, ...source.former].map((each) => ({ ...each, role: null, former: false }))
  const purpose = channel.kind === "direct" ? nameOf(channelFrom(channel), people) : ""
  return {
    id,
    name: folder,
    created: 0,
    creator: slackId("U", channel.created_by ?? source.me.id),
    is_archived: channel.archived,
    is_general: channel.id === "general",
    members: ids,
    topic: { value: channel.topic, creator: "", last_set: 0 },
    purpose: { value: purpose, creator: "", last_set: 0 },
  }
}

function usersOf({ members, former, me }: Source): readonly object[] {
  const slug = createSlugs(NOT_IN_USERNAMES)
  const all = [
    ...members.map((member) => ({ ...member, deleted: false })),
    ...former.map((member) => ({ ...member, role: "member" as const, deleted: true })),
  ].sort((a, b) => compare(a.id, b.id))
  return all.map(({ id, name, role, deleted }) => {
    const username = slug(name, `user-${slackId("", id).toLowerCase().slice(0, 8)}`)
    const isAdmin = role === "admin"
    return {
      id: slackId("U", id),
      team_id: "T0",
      name: username,
      deleted,
      real_name: name,
      is_bot: role === "bot",
      is_admin: isAdmin,
      is_owner: id === me.id,
      is_primary_owner: id === me.id,
      is_restricted: false,
      is_ultra_restricted: false,
      profile: { real_name: name, display_name: name, first_name: name, last_name: "", email: `${username}@${MAIL}` },
    }
  })
}

/** Times of the messages of a channel, and which of them begin threads: known only when all have been read. */
function createThreads() {
  const time = createTimes()
  const roots = new Map<string, string>()
  const begun = new Set<string>()
  return {
    take: ({ id, sent_at, reply_to }: Said) => {
      const ts = time(sent_at)
      const root = reply_to === null ? undefined : roots.get(reply_to)
      // Who answers an answer is in its thread.
      roots.set(id, root ?? ts)
      if (root !== undefined) begun.add(root)
      return { ts, root: root ?? null }
    },
    hasBegun: (ts: string) => begun.has(ts),
  }
}

interface Timed {
  readonly ts: string
  readonly root: string | null
}

function messageOf(
  said: Said,
  { ts, root }: Timed,
  threads: ReturnType<typeof createThreads>,
  { members, former }: Source,
  names: Readonly<Record<string, string>>,
): object {
  const { author, files, mentions, reactions, edited_at, shown_as } = said
  const user = slackId("U", author)
  const people = [...members, ...former].filter(({ id }) => mentions.includes(id))
  const thread = root ?? (threads.hasBegun(ts) ? ts : null)
  const isBot = members.some(({ id, role }) => id === author && role === "bot")
  return {
    type: "message",
    ...(isBot && {
      subtype: "bot_message",
      bot_id: slackId("B", author),
      username: shown_as["name"] ?? nameIn(members, author),
    }),
    user,
    text: slackText(textWithVotes(said), namesOf(people), (member) => slackId("U", member)),
    ts,
    ...(thread !== null && { thread_ts: thread }),
    ...(edited_at !== null && { edited: { user, ts: slackTime(edited_at * 1_000) } }),
    ...(files.length > 0 && { upload: true, files: files.map((file) => fileOf(file, user, ts)) }),
    ...(Object.keys(reactions).length > 0 && {
      reactions: Object.entries(reactions).map(([emoji, by]) => ({
        name: emojiName(emoji, names),
        users: by.map((member) => slackId("U", member)),
        count: by.length,
      })),
    }),
  }
}

const nameIn = (members: Source["members"], id: string) => members.find((member) => member.id === id)?.name ?? ""

function fileOf({ id, name, type, size }: FileInfo, user: string, ts: string): object {
  const saved = savedName(name, "file")
  return {
    id,
    name: saved,
    title: name,
    mimetype: type,
    size,
    user,
    timestamp: Number(ts.split(".")[0]),
    url_private: uploadName(id, saved),
  }
}

/** A part for each day. Imported messages may be older than what stands before them: their day goes on in a further part. */
async function* daysOf(
  { folder }: Place,
  texts: AsyncGenerator<string, void>,
  written: (message: Said, timed: Timed) => object,
  encoder: TextEncoder,
): AsyncGenerator<Part, void> {
  const times = new Map<string, number>()
  let day = ""
  let messages: object[] = []
  const part = (): Part => {
    const time = (times.get(day) ?? 0) + 1
    times.set(day, time)
    return { name: dayName(folder, day, time), chunks: once(encoder.encode(listed(messages))) }
  }
  for await (const text of texts) {
    // as: written by us.
    for (const { message, ts, root } of JSON.parse(text) as (Timed & { message: Said })[]) {
      const on = dayOf(message.sent_at)
      if (on !== day && messages.length > 0) {
        yield part()
        messages = []
      }
      day = on
      messages.push(written(message, { ts, root }))
    }
  }
  if (messages.length > 0) yield part()
}
