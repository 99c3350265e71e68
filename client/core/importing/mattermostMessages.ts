/** A post of Mattermost's, or an answer to one, as one of our messages. */
import { isEmpty } from "../visible.ts"
import { emojiCalled, withEmoji } from "./emoji.ts"
import { CUT_THERE } from "./limits.ts"
import type { Reply } from "./mattermostShapes.ts"
import { fileName, personName, shownPart } from "./naming.ts"
import type { People } from "./people.ts"
import type { SkipReason } from "./reasons.ts"
import { type Draft, idOf } from "./shaping.ts"
import type { Attachment, Place, Skipped } from "./source.ts"
import type { Archive } from "./zipReading.ts"

export interface MattermostServer {
  /** Null: the lines stand in no zip, and so there are no files. */
  readonly archive: Archive | null
  readonly people: People
}

export interface Drafted {
  readonly draft: Draft | null
  readonly skipped: readonly Skipped[]
}

/** @param root the post that this one answers. */
export function draftOf(
  server: MattermostServer,
  place: Place,
  said: Reply,
  root: Reply | null,
  where: string,
): Drafted {
  const reason = whyNot(said)
  if (reason !== null) return { draft: null, skipped: [{ where, why: reason }] }
  const skipped: Skipped[] = []
  const skip = (why: SkipReason, detail?: string) =>
    void skipped.push({ where, why, ...(detail !== undefined && { detail: shownPart(detail) }) })
  const author = server.people.meet(said.user)
  const { body, mentions } = textOf(said.message, server.people)
  if ([...said.message].length >= CUT_THERE) skip("cut_there")
  const { files, lost } = filesOf(server, said, skip)
  const shown = said.props.override_username
  const draft: Draft = {
    called: calledAs(place, said),
    author: author.key,
    sentAt: said.create_at,
    editedAt: isTime(said.edit_at) && said.edit_at > 0 ? said.edit_at : null,
    // A message that was nothing but a file stays, so that what answers it has something to answer.
    body: isEmpty(body) && files.length === 0 ? lost.map((name) => `📎 ${name}`).join("\n") : body,
    replyTo: root === null ? null : idOf(calledAs(place, root)),
    mentions,
    reactions: reactionsOf(said, server.people, skip),
    files,
    ...(shown !== "" && shown !== author.name && { shownAs: { name: personName(shown, author.name) } }),
    where,
  }
  return { draft, skipped }
}

export const calledAs = ({ key }: Place, { create_at, user }: Pick<Reply, "create_at" | "user">) =>
  `mattermost/${key}/${create_at}/${user}`

export const isTime = (value: number) => Number.isSafeInteger(value) && value >= 0

function whyNot({ type, delete_at }: Reply): SkipReason | null {
  if (delete_at > 0) return "deleted"
  return type.startsWith("system_") ? "system" : null
}

const CODE_OR_MENTION = /```[\s\S]*?(?:```|$)|`[^`\n]+`|(?<![\p{L}\p{N}_])@([a-z0-9._-]{1,64})/giu
const CODE = /(```[\s\S]*?(?:```|$)|`[^`\n]+`)/

/** Mattermost writes as we do, but for names of people and of emoji; neither counts in code. */
function textOf(message: string, people: People) {
  const mentions = new Set<string>()
  const named = message.replace(CODE_OR_MENTION, (typed, username: string | undefined) => {
    for (let name = username?.toLowerCase() ?? ""; name !== ""; name = name.slice(0, -1)) {
      const person = people.find(name)
      if (person !== undefined) {
        mentions.add(person.key)
        return `@${person.name}${typed.slice(name.length + 1)}`
      }
      // What ends a sentence may also end a name.
      if (!/[._-]$/.test(name)) break
    }
    return typed
  })
  const body = named
    .split(CODE)
    .map((part, index) => (index % 2 === 1 ? part : withEmoji(part)))
    .join("")
  return { body, mentions: [...mentions] }
}

type Skip = (why: SkipReason, detail?: string) => void

function reactionsOf({ reactions }: Reply, people: People, skip: Skip): Draft["reactions"] {
  const all = new Map<string, Set<string>>()
  for (const { user, emoji_name } of reactions) {
    const emoji = emojiCalled(emoji_name)
    if (emoji === null) skip("custom_emoji", emoji_name)
    else all.set(emoji, (all.get(emoji) ?? new Set()).add(people.meet(user).key))
  }
  return all
}

/** The folder of files in a zip. */
const DATA = "data/"

function filesOf({ archive }: MattermostServer, { attachments }: Reply, skip: Skip) {
  const files: Attachment[] = []
  const lost: string[] = []
  for (const { path } of attachments) {
    const key = [DATA + path, path].find((name) => archive !== null && archive.size(name) !== null)
    const name = fileName(path.replace(/^.*\//s, ""))
    if (key === undefined) {
      skip("file_missing", name)
      lost.push(name)
    } else if (!files.some((file) => file.key === key)) {
      files.push({ key, name, type: typeOf(name), size: archive?.size(key) ?? 0 })
    }
  }
  return { files, lost }
}

/** The lines do not say what a file is; these are shown on the page, all others are downloaded. */
const MEDIA: ReadonlyMap<string, string> = new Map(
  Object.entries({
    gif: "image/gif",
    jpeg: "image/jpeg",
    jpg: "image/jpeg",
    m4a: "audio/mp4",
    mp3: "audio/mpeg",
    mp4: "video/mp4",
    ogg: "audio/ogg",
    pdf: "application/pdf",
    png: "image/png",
    txt: "text/plain",
    wav: "audio/wav",
    webm: "video/webm",
    webp: "image/webp",
  }),
)

const typeOf = (name: string) => MEDIA.get(name.replace(/^.*\./s, "").toLowerCase()) ?? "application/octet-stream"
