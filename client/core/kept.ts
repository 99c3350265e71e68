/** The lists of messages that people keep at hand, as the server gives them. */
import type { Chat } from "./chat.ts"
import { type Message, message } from "./protocol.ts"
import { Refused } from "./requests.ts"
import { fieldsOf, flag, number, object, orElse, type Shape, type Shaped, text } from "./shape.ts"

const pin = object({ seq: number, at: number, by: text })

/** A pinned message, and since when by whom. */
export interface Pinned {
  readonly message: Message
  readonly at: number
  readonly by: string
  /** The `seq` of the pin, by which the next page begins. */
  readonly pin_seq: number
}

const pinned: Shape<Pinned> = (value, path) => {
  const { seq, at, by } = pin(fieldsOf(value, path)["pin"], `${path}.pin`)
  return { message: message(value, path), at, by, pin_seq: seq }
}

/** All pinned messages of a channel, newest pin first; null: they could not be had. */
export async function fetchPins(chat: Pick<Chat, "ask">, channel: string): Promise<readonly Pinned[] | null> {
  const all: Pinned[] = []
  for (;;) {
    const before = all.at(-1)?.pin_seq
    const answer = await chat.ask({ type: "pins", channel, ...(before === undefined ? {} : { before }) })
    if (answer instanceof Refused || answer.type !== "pins") return null
    const page = answer.messages.map((each, index) => pinned(each, `pins[${index}]`))
    all.push(...page)
    if (!answer.more || page.length === 0) return all
  }
}

/** A saved message, and since when. */
export interface Saved {
  readonly message: Message
  readonly at: number
}

/** Part of a list, newest first; null: it is the last one. */
export interface Page<T> {
  readonly items: readonly T[]
  /** What the next page is before. */
  readonly next: number | null
}

/** A page of what the member has saved, newest first; null: it could not be had. */
export async function fetchSaved(chat: Pick<Chat, "ask">, before: number | null): Promise<Page<Saved> | null> {
  const answer = await chat.ask({ type: "saved", ...(before === null ? {} : { before }) })
  if (answer instanceof Refused || answer.type !== "saved") return null
  const items = answer.messages.map((each, index) => ({
    message: message(each, `saved[${index}]`),
    at: number(each["saved_at"], `saved[${index}].saved_at`),
  }))
  return { items, next: answer.more ? (items.at(-1)?.at ?? null) : null }
}

const happened = object({ why: text, at: number, unseen: orElse(flag, false) })

/** A message that mentions or answers the member, or their own to which others reacted: `why`; and when that was. */
export interface Happened extends Shaped<typeof happened> {
  readonly message: Message
}

/** A page of what happened around the member, newest first; null: it could not be had. */
export async function fetchActivity(chat: Pick<Chat, "ask">, before: number | null): Promise<Page<Happened> | null> {
  const answer = await chat.ask({ type: "activity", ...(before === null ? {} : { before }) })
  if (answer instanceof Refused || answer.type !== "activity") return null
  const items = answer.messages.map((each, index) => ({
    message: message(each, `activity[${index}]`),
    ...happened(each, `activity[${index}]`),
  }))
  return { items, next: answer.next }
}

/** Who reacted to a message besides its author, who first did first, and with what. */
export function reactionsOfOthers(of: Message): { readonly by: readonly string[]; readonly emojis: readonly string[] } {
  if (of.state !== "said") return { by: [], emojis: [] }
  const others = Object.entries(of.reactions).map(([emoji, members]) => ({
    emoji,
    members: members.filter((member) => member !== of.author),
  }))
  const present = others.filter(({ members }) => members.length > 0)
  return { by: [...new Set(present.flatMap(({ members }) => members))], emojis: present.map(({ emoji }) => emoji) }
}

const formerText = object({ body: text, at: number })
/** What a message said before, and since when. */
export type FormerText = Shaped<typeof formerText>

/** What a message said before it was edited, newest first; null: it could not be had. */
export async function fetchFormer(
  chat: Pick<Chat, "ask">,
  id: string,
  channel: string,
): Promise<readonly FormerText[] | null> {
  const answer = await chat.ask({ type: "former", id, channel })
  if (answer instanceof Refused || answer.type !== "former") return null
  return answer.texts.map((each, index) => formerText(each, `former[${index}]`)).reverse()
}
