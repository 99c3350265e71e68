/** One message of Slack's as one of ours, with everything of it that cannot be taken. */
import { microsOf } from "../archive/slackNames.ts"
import { inTwo } from "../files/names.ts"
import { isEmpty } from "../visible.ts"
import { emojiCalled } from "./emoji.ts"
import { CUT_THERE, MOST_ALT, MOST_SIDE } from "./limits.ts"
import { fileName, mediaType, personName, shownPart } from "./naming.ts"
import type { People } from "./people.ts"
import type { SkipReason } from "./reasons.ts"
import { type Draft, idOf } from "./shaping.ts"
import { type Body, bodyOf, type Known } from "./slackBody.ts"
import type { SlackAttachment, SlackFile, SlackMessage } from "./slackShapes.ts"
import type { Attachment, Place, Skipped } from "./source.ts"
import type { Archive } from "./zipReading.ts"

export interface SlackWorkspace {
  readonly archive: Archive
  readonly people: People
  /** Names by id. */
  readonly channels: ReadonlyMap<string, string>
  /** The names of entries by the id of their file. */
  readonly uploads: ReadonlyMap<string, string>
}

export interface Drafted {
  readonly draft: Draft | null
  readonly skipped: readonly Skipped[]
}

interface Found {
  readonly message: SlackMessage
  /** Its time, which is also its id, in microseconds. */
  readonly micros: number
  readonly where: string
}

const MS = 1_000

/** What Slack says by itself. Others, also such that nobody has described, are shown if somebody wrote something in them. */
const SYSTEM = new RegExp(
  [
    "(channel|group|mpim|im)_.*",
    "(un)?pinned_item",
    "bot_(add|remove|enable|disable)",
    "reminder_(add|delete)",
    "sh_room_.*",
    "huddle_.*",
    "app_conversation_.*",
    "joiner_notification.*",
    "tabbed_canvas_.*",
    "document_.*",
    "ekm_access_denied",
    "message_(changed|deleted|replied)",
    "convert_to_private",
  ]
    .map((name) => `^${name}$`)
    .join("|"),
)

export function draftOf(workspace: SlackWorkspace, place: Place, found: Found): Drafted {
  const { message, micros, where } = found
  const reason = whyNot(message)
  if (reason !== null) return { draft: null, skipped: [{ where, why: reason }] }
  const skipped: Skipped[] = []
  const skip = (why: SkipReason, detail?: string) =>
    void skipped.push({ where, why, ...(detail && { detail: shownPart(detail) }) })
  const author = authorOf(workspace, message)
  if (author === null) return { draft: null, skipped: [{ where, why: "malformed", detail: "user" }] }
  const { body, mentions } = textOf(workspace, message)
  if ([...message.text].length >= CUT_THERE) skip("cut_there")
  const { files, lost } = filesOf(workspace, message, skip)
  const thread = message.thread_ts === null ? null : microsOf(message.thread_ts)
  const draft: Draft = {
    called: calledAs(place, micros),
    author: author.key,
    sentAt: Math.floor(micros / MS),
    editedAt: timeOf(message.edited?.ts ?? null, skip),
    // A message that was nothing but a file stays, so that what answers it has something to answer.
    body: isEmpty(body) && files.length === 0 ? lost.map((name) => `📎 ${name}`).join("\n") : body,
    replyTo: thread === null || thread === micros ? null : idOf(calledAs(place, thread)),
    mentions: mentions.map((id) => workspace.people.meet(id).key),
    reactions: reactionsOf(workspace, message, skip),
    files,
    ...(author.shownAs !== null && { shownAs: { name: author.shownAs } }),
    where,
  }
  return { draft, skipped }
}

const calledAs = (place: Place, micros: number) => `slack/${place.key}/${micros}`

function whyNot({ type, subtype, is_hidden_by_limit, hidden_by_limit }: SlackMessage): SkipReason | null {
  if (type !== "message") return "other_kind"
  if (subtype === "tombstone") return "deleted"
  if (is_hidden_by_limit || hidden_by_limit || subtype === "hidden_by_limit") return "hidden"
  return SYSTEM.test(subtype) ? "system" : null
}

/** Programs have an id of their own, may have that of a person as well, and any name. */
function authorOf({ people }: SlackWorkspace, { user, bot_id, username, user_profile, bot_profile }: SlackMessage) {
  const key = user ?? bot_id ?? username
  if (key === "") return null
  const profile = user_profile?.display_name || user_profile?.real_name || ""
  const person = people.meet(key, user === null ? bot_profile?.name || username : profile)
  const isOther = bot_id !== null && username !== "" && username !== person.name
  return { key: person.key, shownAs: isOther ? personName(username, person.name) : null }
}

function textOf(workspace: SlackWorkspace, { text, subtype, attachments, bot_id }: SlackMessage): Body {
  const known: Known = {
    person: (id) => workspace.people.meet(id).name,
    channel: (id) => workspace.channels.get(id),
  }
  // Of people, attachments are what Slack shows of a link.
  const hasMore = bot_id !== null || text === ""
  const whole = [text, ...(hasMore ? attachments.map(attachmentText) : [])].filter((part) => part !== "").join("\n")
  const read = bodyOf(whole, known)
  return subtype === "me_message" && !isEmpty(read.body) ? { ...read, body: `_${read.body}_` } : read
}

function attachmentText({ pretext, title, title_link, text, fallback }: SlackAttachment): string {
  const heading = title_link === "" ? title : `<${title_link}|${title || title_link}>`
  return [pretext, heading, text || (heading === "" ? fallback : "")].filter((part) => part !== "").join("\n")
}

type Skip = (why: SkipReason, detail?: string) => void

function timeOf(ts: string | null, skip: Skip): number | null {
  if (ts === null) return null
  const micros = microsOf(ts)
  if (micros === null) skip("time", ts)
  return micros === null ? null : Math.floor(micros / MS)
}

function reactionsOf({ people }: SlackWorkspace, { reactions }: SlackMessage, skip: Skip): Draft["reactions"] {
  const all = new Map<string, Set<string>>()
  for (const { name, users } of reactions) {
    const emoji = emojiCalled(name)
    if (emoji === null) {
      skip("custom_emoji", name)
      continue
    }
    const by = all.get(emoji) ?? new Set()
    for (const user of users) by.add(people.meet(user).key)
    if (by.size > 0) all.set(emoji, by)
  }
  return all
}

const NOT_BROUGHT: Readonly<Record<string, SkipReason>> = {
  tombstone: "file_deleted",
  hidden_by_limit: "file_hidden",
  external: "file_external",
}

function filesOf({ archive, uploads }: SlackWorkspace, { files, file }: SlackMessage, skip: Skip) {
  const taken: Attachment[] = []
  const lost: string[] = []
  for (const one of [...files, file]) {
    if (one === null) continue
    const entry = uploads.get(one.id)
    const size = entry === undefined ? null : archive.size(entry)
    if (entry !== undefined && size !== null) {
      if (!taken.some(({ key }) => key === entry)) taken.push(attachmentOf(one, entry, size))
      continue
    }
    const name = fileName(nameOf(one))
    const why = Object.hasOwn(NOT_BROUGHT, one.mode) ? NOT_BROUGHT[one.mode] : undefined
    skip(why ?? (one.is_external ? "file_external" : "file_missing"), name)
    lost.push(name)
  }
  return { files: taken, lost }
}

/** Our own exports keep the whole name as title; Slack's title is what somebody called it. */
function nameOf({ name, title }: SlackFile): string {
  const [stem, ending] = inTwo(title)
  return stem !== "" && ending !== "" && ending === inTwo(name)[1] ? title : name || title
}

function attachmentOf(file: SlackFile, key: string, size: number): Attachment {
  const side = (value: number | null) =>
    Number.isInteger(value) && (value ?? 0) >= 1 && (value ?? 0) <= MOST_SIDE ? value : null
  const width = side(file.original_w)
  const height = side(file.original_h)
  const duration = Number.isSafeInteger(file.duration_ms) && (file.duration_ms ?? -1) >= 0 ? file.duration_ms : null
  const alt = [...file.alt_txt].slice(0, MOST_ALT).join("")
  return {
    key,
    name: fileName(nameOf(file)),
    type: mediaType(file.mimetype),
    size,
    ...(width !== null && height !== null && { width, height }),
    ...(duration !== null && { duration }),
    ...(!isEmpty(alt) && { alt }),
  }
}
