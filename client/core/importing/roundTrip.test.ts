/** Random rooms, written by our own writers and read again: nothing changes but what is named here. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { slackNames } from "../archive/emojiNames.ts"
import { fakeSource, VECTORS, wanted, watch } from "../archive/fakes.ts"
import { type Flavour, partsIn } from "../archive/flavours.ts"
import { slackId } from "../archive/slackNames.ts"
import type { Source } from "../archive/source.ts"
import { zipOf } from "../archive/zip.ts"
import { plainText } from "../markdown.ts"
import { mentionsIn, type Named } from "../mentions.ts"
import type { Channel, Message } from "../protocol.ts"
import { isEmpty } from "../visible.ts"
import { fileOf, heard } from "./fakes.ts"
import { openSource } from "./source.ts"

type Spoken = Extract<Message, { state: "said" }>

const PEOPLE: readonly Named[] = [
  { id: "11111111-1111-4111-8111-111111111111", name: "Anna" },
  { id: "22222222-2222-4222-8222-222222222222", name: "Boris B" },
  { id: "44444444-4444-4444-8444-444444444444", name: "Кира" },
]
const EMOJI = ["👍", "❤️", "👋🏽", "1️⃣", "🇩🇪", "👩‍💻", "☺️", "🎉"]

/** Numbers that look random and are the same in every run (mulberry32). */
function createChance(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (most: number) => Math.floor(next() * most)
  // as: below the length, of lists that are not empty.
  const one = <T>(from: readonly T[]) => from[below(from.length)] as T
  const some = <T>(from: readonly T[]) => from.filter(() => next() < 0.4)
  const list = <T>(most: number, make: () => T) => Array.from({ length: 1 + below(most) }, make)
  return { below, one, some, list, isSo: (share: number) => next() < share }
}
type Chance = ReturnType<typeof createChance>

/** What both can say, in the form in which it is read back. */
const WORDS = [
  "hello",
  "мир",
  "a & b",
  "x < 3 > y",
  "&amp;",
  "snake_case",
  "2 * 3",
  "don't",
  "¯\\_(ツ)_/¯",
  "C:\\dir",
  "10:30",
  "🌞",
  "100%",
  "<b>",
  "|",
  "$5",
]
const INLINE = [
  ...WORDS,
  "**strong**",
  "_slanted_",
  "~~gone~~",
  "`code < 1`",
  "**_both_**",
  "https://a.example/b?c=1&d=2",
  "[the page](https://a.example/b)",
  "a@b.example",
  "@Anna",
  "@Boris B",
  "@Кира",
]
const lineOf = ({ list, one }: Chance, of: readonly string[]) => list(6, () => one(of)).join(" ")
const BLOCKS: readonly ((chance: Chance) => string)[] = [
  (chance) => lineOf(chance, INLINE),
  (chance) => chance.list(3, () => `> ${lineOf(chance, INLINE)}`).join("\n"),
  (chance) => chance.list(3, () => `- and ${lineOf(chance, INLINE)}`).join("\n"),
  () => "```\nx = 1 < 2 && *y*\n\n  _z_\n```",
  () => "1. one\n2. two",
]
const plainBody = (chance: Chance) => chance.one(BLOCKS)(chance)

/** What only we can say, and what nobody means. */
const ODD = [
  ...INLINE,
  "# Title",
  "|a|b|\n|-|-|\n|c|d|",
  "```js\nlet a\n```",
  "\n\n",
  "\n",
  "*",
  "_",
  "~",
  "`",
  "**",
  "```",
  "*a*",
  "__a__",
  "> ",
  "- [x] done",
  "<@U1>",
  "<!here>",
  ":+1:",
  "\\*a\\*",
  "@Annabel",
  "•",
  "\u202E",
]
const oddBody = (chance: Chance) => chance.list(8, () => chance.one(ODD)).join(chance.one(["", " ", "\n"]))

function messagesOf(chance: Chance, count: number, bodyOf: (chance: Chance) => string): readonly Spoken[] {
  const messages: Spoken[] = []
  let at = 1_700_000_000_000
  for (let seq = 1; seq <= count; seq += 1) {
    at += chance.one([0, 0, 1, 700, 86_400_000])
    const written = bodyOf(chance)
    const body = isEmpty(written) ? "x" : written
    const id = `aaaaaaaa-aaaa-4aaa-8aaa-${String(seq).padStart(12, "0")}`
    const reactions = chance
      .some(EMOJI)
      .map((emoji) => [emoji, chance.some(PEOPLE).map((person) => person.id)] as const)
    messages.push({
      state: "said",
      id,
      seq,
      author: chance.one(PEOPLE).id,
      sent_at: at,
      body,
      edited_at: chance.isSo(0.2) ? at + 5 : null,
      reply_to: chance.isSo(0.3) ? (messages[chance.below(messages.length)]?.id ?? null) : null,
      reply_seq: null,
      mentions: mentionsIn(body, PEOPLE),
      reactions: Object.fromEntries(reactions.filter(([, by]) => by.length > 0)),
      files: [],
      shown_as: {},
    } as unknown as Spoken)
  }
  return messages
}

async function throughZip(flavour: Flavour, messages: readonly Message[]) {
  const general = VECTORS.room.channels.find(({ id }) => id === "general") as Channel
  const ask: Source["ask"] = async (request) => {
    const after = "after" in request ? request.after : 0
    const page = messages.filter(({ seq }) => seq > after).slice(0, 100)
    const more = (page.at(-1)?.seq ?? messages.length) < messages.length
    return {
      type: "history",
      ref: "",
      channel: "general",
      messages: page,
      more,
      older: false,
      newer: false,
      pinned: [],
      at: null,
    }
  }
  const members = PEOPLE.map((person) => ({ ...person, role: "member" as const }))
  const room = fakeSource({ ask, members, former: [], channels: [{ ...general, last_seq: messages.length }] })
  const parts = partsIn(flavour, room, wanted({ emojiNames: async () => slackNames }), watch())
  const bytes = new Uint8Array(await new Response(zipOf(parts)).arrayBuffer())
  const source = await openSource(fileOf(bytes), "chat.zip")
  const { said, gone, skipped } = await heard(source, source.places[0])
  assert.deepEqual([source.flavour, source.skipped, skipped], [flavour, [], []])
  return { said, gone }
}

test("of our own format everything comes back", async () => {
  const chance = createChance(1)
  const messages = messagesOf(chance, 1_500, (each) => (each.isSo(0.5) ? plainBody(each) : oddBody(each)))
  const erased = new Set(messages.filter(() => chance.isSo(0.1)))
  const kept = messages.filter((message) => !erased.has(message))
  const deletedAt = ({ sent_at }: Spoken) => sent_at + 86_400_000
  const stored = messages.map(
    (message): Message =>
      erased.has(message)
        ? { state: "deleted", id: message.id, seq: message.seq, channel: "general", deleted_at: deletedAt(message) }
        : message,
  )
  const { said, gone } = await throughZip("own", stored)
  assert.deepEqual(
    gone.map((each) => [each.id, each.deletedAt]),
    [...erased].map((message) => [message.id, deletedAt(message)]),
  )
  const times = new Map(messages.map(({ id, sent_at }) => [id, sent_at]))
  for (const { id, sentAt } of gone.slice(1)) assert.ok(sentAt <= (times.get(id) ?? 0), id)
  assert.deepEqual(
    said.map(({ where: _, shownAs: __, ...rest }) => rest),
    kept.map(({ id, author, sent_at, edited_at, body, reply_to, mentions, reactions }) => ({
      id,
      author,
      sentAt: sent_at,
      editedAt: edited_at,
      body,
      replyTo: reply_to,
      mentions,
      reactions,
      files: [],
    })),
  )
})

/** Threads have one level: an answer to an answer answers the first message. */
function rootsOf(messages: readonly Spoken[]): ReadonlyMap<string, string> {
  const roots = new Map<string, string>()
  for (const { id, reply_to } of messages) if (reply_to !== null) roots.set(id, roots.get(reply_to) ?? reply_to)
  return roots
}

test("of Slack's layout everything comes back but ids of its own, and answers to answers", async () => {
  const messages = messagesOf(createChance(2), 1_500, plainBody)
  const { said } = await throughZip("slack", messages)
  assert.equal(said.length, messages.length)
  const roots = rootsOf(messages)
  const newIds = new Map(messages.map(({ id }, index) => [id, said[index]?.id]))
  for (const [index, message] of messages.entries()) {
    const read = said[index]
    assert.ok(read !== undefined)
    const root = roots.get(message.id)
    const users = (ids: readonly string[]) => ids.map((id) => slackId("U", id))
    assert.deepEqual(
      [read.author, read.sentAt, read.editedAt, read.body, read.replyTo, read.mentions, read.reactions],
      [
        slackId("U", message.author),
        message.sent_at,
        message.edited_at,
        message.body,
        root === undefined ? null : newIds.get(root),
        users(message.mentions),
        Object.fromEntries(Object.entries(message.reactions).map(([emoji, by]) => [emoji, users(by)])),
      ],
    )
  }
})

/**
 * What becomes of a text in Slack's layout and back, whatever it is made of: its marks may become others (a heading is strong,
 * stars that were typed as such make strong), signs and blank lines may change, the language of code goes, names of emoji
 * that somebody typed become emoji, and behind ticks that nothing closes a link may be code, or none. No letter, digit or emoji is lost, added or moved.
 */
const essence = (body: string) =>
  plainText(body.replaceAll(":+1:", "👍"))
    .replaceAll("https://a.example/b", "")
    .replace(/[^\p{L}\p{N}\p{Extended_Pictographic}]/gu, "")

test("of any text, made of whatever signs, every letter comes back from Slack's layout", async () => {
  const messages = messagesOf(createChance(3), 3_000, oddBody)
  const { said } = await throughZip("slack", messages)
  assert.deepEqual(
    said.map(({ body }) => essence(body)),
    messages.map(({ body }) => essence(body)),
  )
})
