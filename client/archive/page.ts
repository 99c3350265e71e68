/** The script of archive.html: channels on one side, what was said there on the other, and a search in all of it. */
import { nameOf } from "../core/archive/readme.ts"
import type { ChannelRecord, MessageRecord } from "../core/archive/records.ts"
import { messagesOf, readFacts } from "./data.ts"
import { el } from "./elements.ts"
import { messageView, showingOf } from "./message.ts"

/** How many messages are shown at once; earlier ones come when somebody asks for them. */
const SHOWN = 300
const FOUND = 200
const SEARCH_AFTER_MS = 250

const facts = readFacts()
const showing = showingOf(facts)
const { say } = showing
const list = el("ol", { class: "messages" })
const heading = el("h2", { tabindex: "-1", dir: "auto" })
const topic = el("p", { class: "topic", dir: "auto" })
const status = el("p", { class: "status", role: "status" })
const earlier = el("button", { type: "button", class: "earlier" }, [say("archive.earlier")])
const later = el("button", { type: "button", class: "earlier" }, [say("archive.later")])
const field = el("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false" })
const links: HTMLAnchorElement[] = []
/** The channel that is shown, all of its messages, and which of them stand on the page: from, and up to but not, these. */
let open = { index: -1, messages: [] as readonly MessageRecord[], from: 0, to: 0 }
let searches = 0

function linkTo(channel: ChannelRecord, index: number): HTMLElement {
  const count = facts.made.channels[index]?.messages ?? 0
  const link = el("a", { href: `#channel-${index}` }, [
    el("span", { dir: "auto" }, [nameOf(channel, facts.members)]),
    el("span", { class: "count" }, [count.toLocaleString(facts.made.language)]),
  ])
  links.push(link)
  return el("li", {}, [link])
}

function sectionOf(kind: ChannelRecord["kind"]): readonly HTMLElement[] {
  const all = facts.channels
    .map((channel, index) => ({ channel, index }))
    .filter(({ channel }) => channel.kind === kind)
  if (all.length === 0) return []
  return [
    el("h2", {}, [say(`archive.${kind}`)]),
    el(
      "ul",
      {},
      all.map(({ channel, index }) => linkTo(channel, index)),
    ),
  ]
}

function build(): void {
  const { title, exported_by, exported_at } = facts.made
  const when = showing.moment(exported_at)
  const search = el("form", { role: "search" }, [el("label", { for: "search" }, [say("archive.search")]), field])
  const side = el("nav", { "aria-label": say("archive.channels") }, [
    search,
    ...sectionOf("open"),
    ...sectionOf("private"),
    ...sectionOf("direct"),
  ])
  search.addEventListener("submit", (event) => {
    event.preventDefault()
    void find()
  })
  let pause = 0
  field.addEventListener("input", () => {
    clearTimeout(pause)
    pause = window.setTimeout(() => void find(), SEARCH_AFTER_MS)
  })
  earlier.addEventListener("click", showEarlier)
  later.addEventListener("click", showLater)
  document.body.append(
    el("header", { class: "top" }, [
      el("h1", { dir: "auto" }, [title]),
      el("p", {}, [say("archive.made", { name: exported_by.name, when })]),
    ]),
    el("div", { class: "sides" }, [side, el("main", {}, [heading, topic, status, earlier, list, later])]),
  )
}

function openChannel(index: number, target: string | null = null): void {
  const channel = facts.channels[index]
  if (channel === undefined) return
  searches += 1
  field.value = ""
  status.textContent = ""
  const messages = [...messagesOf(index)].flat()
  const at = messages.findIndex(({ id }) => id === target)
  // The newest, or those around the one that is looked for.
  const to = at < 0 ? messages.length : Math.min(at + SHOWN / 2, messages.length)
  open = { index, messages, from: Math.max(0, to - SHOWN), to }
  heading.textContent = nameOf(channel, facts.members)
  topic.textContent = channel.topic
  for (const [other, link] of links.entries()) {
    if (other === index) link.setAttribute("aria-current", "page")
    else link.removeAttribute("aria-current")
  }
  if (messages.length === 0) status.textContent = say("archive.empty")
  list.replaceChildren(...viewsOf(messages.slice(open.from, to), messages))
  showWays()
}

function showWays(): void {
  earlier.hidden = open.from === 0
  later.hidden = open.to === open.messages.length
}

/** With a heading where a day begins. */
function viewsOf(shown: readonly MessageRecord[], all: readonly MessageRecord[]): readonly HTMLElement[] {
  const wanted = new Set(shown.flatMap(({ reply_to }) => (reply_to === null ? [] : [reply_to])))
  const answered = new Map(all.filter(({ id }) => wanted.has(id)).map((message) => [message.id, message]))
  let today = ""
  return shown.flatMap((message) => {
    const view = messageView(message, answered.get(message.reply_to ?? ""), showing)
    const at = message.sent_at ?? message.deleted_at ?? 0
    const day = showing.day(at)
    if (day === today || message.sent_at === null) return [view]
    today = day
    return [el("li", { class: "day" }, [el("h3", {}, [day])]), view]
  })
}

function showEarlier(): void {
  const { messages, from } = open
  const start = Math.max(0, from - SHOWN)
  const before = document.documentElement.scrollHeight
  list.prepend(...viewsOf(messages.slice(start, from), messages))
  open = { ...open, from: start }
  showWays()
  window.scrollBy(0, document.documentElement.scrollHeight - before)
}

function showLater(): void {
  const { messages, to } = open
  const end = Math.min(messages.length, to + SHOWN)
  list.append(...viewsOf(messages.slice(to, end), messages))
  open = { ...open, to: end }
  showWays()
}

const plain = (text: string) => text.normalize("NFKC").toLowerCase()

async function find(): Promise<void> {
  const words = plain(field.value)
    .split(/\s+/)
    .filter((word) => word !== "")
  const search = ++searches
  if (words.length === 0) return show()
  earlier.hidden = true
  later.hidden = true
  list.replaceChildren()
  heading.textContent = field.value
  topic.textContent = ""
  status.textContent = say("archive.searching")
  let found = 0
  for (const [index] of facts.channels.entries()) {
    for (const messages of messagesOf(index)) {
      if (search !== searches) return
      for (const message of messages) if (has(message, words) && ++found <= FOUND) list.append(hitOf(message, index))
      // The page stays awake.
      await new Promise((resolve) => setTimeout(resolve))
    }
  }
  if (search !== searches) return
  const count = found.toLocaleString(facts.made.language)
  status.textContent = say(found === 0 ? "archive.nothing" : found > FOUND ? "archive.foundMore" : "archive.found", {
    count,
  })
}

function has({ body, files, author }: MessageRecord, words: readonly string[]): boolean {
  const text = plain([body ?? "", ...files.map(({ name }) => name), showing.people.get(author ?? "") ?? ""].join("\n"))
  return words.every((word) => text.includes(word))
}

function hitOf(message: MessageRecord, index: number): HTMLElement {
  const view = messageView(message, undefined, showing)
  const channel = facts.channels[index]
  const place = channel === undefined ? "" : nameOf(channel, facts.members)
  const day = showing.day(message.sent_at ?? message.deleted_at ?? 0)
  view.removeAttribute("id")
  view.prepend(
    el("p", { class: "place" }, [el("a", { href: `#channel-${index}/${message.id}` }, [`${place} · ${day}`])]),
  )
  return view
}

/** What the address names: a channel, a message of one, or a message of the one that is open. */
function show(): void {
  const [, index, target] = /^#channel-(\d+)(?:\/(.+))?$/.exec(location.hash) ?? []
  const quoted = /^#message-(.+)$/.exec(location.hash)?.[1]
  if (quoted !== undefined && open.index >= 0) {
    goTo(quoted)
    return
  }
  openChannel(Number(index ?? 0), target ?? null)
  if (target !== undefined) goTo(target)
  else if (index !== undefined) heading.focus({ preventScroll: true })
  if (target === undefined) window.scrollTo(0, document.documentElement.scrollHeight)
}

function goTo(id: string): void {
  if (document.getElementById(`message-${id}`) === null) openChannel(open.index, id)
  const row = document.getElementById(`message-${id}`)
  row?.scrollIntoView({ block: "center" })
  row?.focus({ preventScroll: true })
}

build()
show()
addEventListener("hashchange", show)
