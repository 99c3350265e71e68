/** One message of the archive as it is shown. */
import { type FileRecord, fileOf, type MessageRecord } from "../core/archive/records.ts"
import type { ArchiveWord } from "../core/archive/words.ts"
import { kindOf } from "../core/files/kinds.ts"
import { shownName } from "../core/files/names.ts"
import { plainText } from "../core/markdown.ts"
import { type Names, namesOf } from "../core/mentions.ts"
import { textWithVotes } from "../core/polls.ts"
import { contentOf } from "./content.ts"
import type { Facts } from "./data.ts"
import { type Child, el } from "./elements.ts"

const QUOTED = 140

export interface Showing {
  readonly facts: Facts
  /** Names of everybody, by id. */
  readonly people: ReadonlyMap<string, string>
  readonly say: (word: ArchiveWord, values?: Readonly<Record<string, string>>) => string
  readonly time: (at: number) => string
  readonly moment: (at: number) => string
  readonly day: (at: number) => string
}

export function showingOf(facts: Facts): Showing {
  const language = facts.made.language
  const times = new Intl.DateTimeFormat(language, { timeStyle: "short" })
  const moments = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" })
  const days = new Intl.DateTimeFormat(language, { dateStyle: "full" })
  return {
    facts,
    people: new Map(facts.members.map(({ id, name }) => [id, name])),
    say: (word, values = {}) => facts.words[word].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? ""),
    time: (at) => times.format(at),
    moment: (at) => moments.format(at),
    day: (at) => days.format(at),
  }
}

/** @param answered the message that this one answers, if it is in the channel. */
export function messageView(
  message: MessageRecord,
  answered: MessageRecord | undefined,
  showing: Showing,
): HTMLElement {
  const { say } = showing
  const { id, deleted_at, unreadable } = message
  const rows: Child[] = [headOf(message, showing)]
  if (deleted_at !== null) rows.push(el("p", { class: "gone" }, [say("archive.deleted")]))
  else if (unreadable === true) rows.push(el("p", { class: "gone" }, [say("archive.unreadable")]))
  if (answered !== undefined) rows.push(quoteOf(answered, showing))
  const body = textWithVotes(message)
  if (body) rows.push(el("div", { class: "body", dir: "auto" }, contentOf(body, mentioned(message, showing))))
  rows.push(...message.files.map((file) => fileView(file, showing)))
  const reactions = Object.entries(message.reactions)
  if (reactions.length > 0) rows.push(reactionsView(reactions, showing))
  return el("li", { class: "message", id: `message-${id}`, tabindex: "-1" }, rows)
}

function headOf(
  { author, sent_at, edited_at, deleted_at, imported_at, shown_as }: MessageRecord,
  { facts, people, ...showing }: Showing,
) {
  const at = sent_at ?? deleted_at ?? 0
  const member = facts.members.find(({ id }) => id === author)
  const name = shown_as?.["name"] ?? (author === null ? "" : (people.get(author) ?? "?"))
  const role = member?.role === "bot" ? "archive.bot" : member?.former === true ? "archive.former" : null
  return el("header", {}, [
    ...(name === "" ? [] : [el("strong", { dir: "auto" }, [name])]),
    ...(role === null ? [] : [el("span", { class: "role" }, [showing.say(role)])]),
    el("time", { datetime: new Date(at).toISOString(), title: showing.moment(at) }, [showing.time(at)]),
    ...noted(edited_at, "archive.edited", showing),
    ...noted(imported_at ?? null, "archive.imported", showing),
  ])
}

/** What was done with a message, with the time when somebody points at it. */
const noted = (at: number | null, word: ArchiveWord, { say, moment }: Pick<Showing, "say" | "moment">) =>
  at === null ? [] : [el("span", { class: "role", title: moment(at) }, [say(word)])]

function quoteOf(message: MessageRecord, { people, say }: Showing): HTMLElement {
  const name = message.author === null ? "" : (people.get(message.author) ?? "?")
  const text = message.body === null ? say("archive.deleted") : plainText(message.body)
  const words = text === "" ? message.files.map((file) => shownName(file.name)).join(", ") : text
  const short = [...words].length > QUOTED ? `${[...words].slice(0, QUOTED).join("")}…` : words
  const link = el("a", { href: `#message-${message.id}` }, [say("archive.reply", { name })])
  return el("p", { class: "quote" }, [link, " ", el("span", { dir: "auto" }, [short])])
}

const mentioned = ({ mentions }: MessageRecord, { people }: Showing): Names =>
  namesOf(mentions.map((id) => ({ id, name: people.get(id) ?? "" })).filter(({ name }) => name !== ""))

function fileView(file: FileRecord, { facts, say }: Showing): HTMLElement {
  const name = shownName(file.name) || say("archive.file")
  const path = fileOf(file.id)
  const isHere = facts.made.files === "included" && !facts.missing.includes(file.id)
  const size = `${Math.max(1, Math.round(file.size / 1000)).toLocaleString(facts.made.language)} kB`
  const words = (note: ArchiveNote) =>
    el("p", { class: "file" }, [el("bdi", {}, [name]), ` · ${size} · ${say(note, { path })}`])
  if (!isHere) return words("archive.noFile")
  if (facts.pages.includes(file.id)) return words("archive.page")
  const link = el("a", { href: path, download: name, rel: "noreferrer" }, [el("bdi", {}, [name])])
  const caption = el("figcaption", {}, [link, ` · ${size}`])
  switch (kindOf(file)) {
    case "picture":
      return el("figure", {}, [pictureOf(file, path, name), caption])
    case "video":
      return el("figure", {}, [el("video", { src: path, controls: "", preload: "none", "aria-label": name }), caption])
    case "audio":
      return el("figure", {}, [el("audio", { src: path, controls: "", preload: "none", "aria-label": name }), caption])
    case "file":
      return el("p", { class: "file" }, [link, ` · ${size}`])
  }
}

type ArchiveNote = "archive.noFile" | "archive.page"

function pictureOf({ width, height, alt }: FileRecord, path: string, name: string): HTMLElement {
  const size = width !== undefined && height !== undefined ? { width: String(width), height: String(height) } : {}
  return el("img", { src: path, alt: alt ?? name, loading: "lazy", decoding: "async", ...size })
}

function reactionsView(reactions: readonly (readonly [string, readonly string[]])[], { people }: Showing): HTMLElement {
  const views = reactions.map(([emoji, members]) => {
    const names = members.map((id) => people.get(id) ?? "?").join(", ")
    return el("li", { title: names }, [`${emoji} ${members.length}`, el("span", { class: "unseen" }, [` ${names}`])])
  })
  return el("ul", { class: "reactions" }, views)
}
