import assert from "node:assert/strict"
import { test } from "node:test"
import { namesOf } from "../mentions.ts"
import type { Channel, Message } from "../protocol.ts"
import { fakeSource, VECTORS, wanted, watch } from "./fakes.ts"
import { partsOfSlack } from "./slack.ts"
import { createSlugs, createTimes, emojiName, NOT_IN_CHANNELS, NOT_IN_USERNAMES, slackId } from "./slackNames.ts"
import { slackText } from "./slackText.ts"
import type { Source } from "./source.ts"

async function written(source: Source = fakeSource()) {
  const parts = new Map<string, string>()
  for await (const { name, chunks } of partsOfSlack(source, wanted(), watch())) {
    assert.equal(parts.has(name), false, name)
    const all: Uint8Array[] = []
    for await (const chunk of chunks) all.push(chunk)
    parts.set(name, Buffer.concat(all).toString())
  }
  const read = (name: string) => JSON.parse(parts.get(name) ?? "null")
  return { names: [...parts.keys()], parts, read }
}

test("the room of the vectors has the files that importers look for", async () => {
  const { names, read, parts } = await written()
  assert.deepEqual(names, [
    "users.json",
    "channels.json",
    "groups.json",
    "dms.json",
    "mpims.json",
    "alerts/2027-01-15.json",
    "general/2027-01-15.json",
    "den/2027-01-15.json",
    "D66666666666646668666666666666666/2027-01-15.json",
    "__uploads/AAECAwQFBgcICQoLDA0ODw/notes.txt",
    "__uploads/EAECAwQFBgcICQoLDA0ODw/summer.png",
  ])
  assert.deepEqual(
    read("users.json").map(({ id, name, real_name, deleted, is_bot }: Record<string, unknown>) => [
      id,
      name,
      real_name,
      deleted,
      is_bot,
    ]),
    [
      ["U11111111111141118111111111111111", "anna", "Anna", false, false],
      ["U22222222222242228222222222222222", "boris", "Boris", false, false],
      ["U33333333333343338333333333333333", "builds", "Builds", false, true],
      ["U44444444444444448444444444444444", "user-44444444", "Кира", true, false],
    ],
  )
  assert.deepEqual(
    read("channels.json").map(({ name, is_archived }: Record<string, unknown>) => [name, is_archived]),
    [
      ["alerts", true],
      ["general", false],
    ],
  )
  assert.equal(parts.get("__uploads/AAECAwQFBgcICQoLDA0ODw/notes.txt"), "hello")
})

test("answers stand in the thread of what was first, edits and reactions are kept, what is deleted is not", async () => {
  const { read } = await written()
  const [first, second, withFiles, bot] = read("general/2027-01-15.json")
  assert.equal(read("general/2027-01-15.json").length, 4)
  assert.deepEqual([first.ts, first.thread_ts, second.thread_ts], Array(3).fill("1800000000.000000"))
  assert.equal(first.text, "Good morning 🌞 &lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;")
  assert.equal(second.text, "<@U11111111111141118111111111111111> *good* morning!\nsecond line")
  assert.equal(second.edited.ts, "1800000002.000000")
  assert.deepEqual(second.reactions[0], { name: "+1", users: [first.user, second.user], count: 2 })
  assert.equal(second.reactions[1].name, "one")
  assert.deepEqual([withFiles.upload, withFiles.files.length, withFiles.thread_ts], [true, 2, undefined])
  assert.deepEqual([bot.subtype, bot.username], ["bot_message", "CI"])
})

test("messages that were imported, and are older than what stands before them, go into days of their own", async () => {
  const general = VECTORS.room.channels.find(({ id }) => id === "general") as Channel
  const day = 86_400_000
  const messages = [5, 5, 1, 5].map((days, index): Message => {
    const said = VECTORS.history["general"]?.[0] as Message & { state: "said" }
    return { ...said, id: `m${index}`, seq: index + 1, sent_at: days * day }
  })
  const ask: Source["ask"] = async () => ({
    type: "history",
    ref: "",
    channel: "general",
    messages,
    more: false,
    older: false,
    newer: false,
    pinned: [],
    at: null,
  })
  const { names, read } = await written(fakeSource({ ask, channels: [{ ...general, last_seq: 4 }] }))
  const days = names.filter((name) => name.startsWith("general/"))
  assert.deepEqual(days, ["general/1970-01-06.json", "general/1970-01-02.json", "general/1970-01-06-2.json"])
  assert.deepEqual(
    days.flatMap((name) => read(name).map(({ ts }: { ts: string }) => ts)),
    ["432000.000000", "432000.000001", "86400.000000", "432000.000002"],
  )
})

test("names become folders that cannot leave the archive, each another", () => {
  const slug = createSlugs(NOT_IN_CHANNELS)
  assert.equal(slug("../../etc/passwd", "c1"), "etc-passwd")
  assert.equal(slug("Общий чат", "c2"), "общий-чат")
  assert.equal(slug("общий  чат!", "c3"), "общий-чат-2")
  assert.equal(slug("🎉", "c4"), "c4")
  assert.equal([...slug("x".repeat(200), "c5")].length, 70)
  assert.equal(createSlugs(NOT_IN_USERNAMES)("Ünal .", "user-1"), "nal")
  assert.equal(slackId("U", "aa-11_b"), "UAA11B")
})

test("no two messages have the same time", () => {
  const time = createTimes()
  assert.deepEqual([time(1), time(1), time(1_000)], ["0.001000", "0.001001", "1.000000"])
})

test("emoji have Slack's names, with the tone of the skin apart; others stay as they are", () => {
  const names = { "1F44D": "+1", "2764": "heart" }
  assert.equal(emojiName("👍", names), "+1")
  assert.equal(emojiName("👍🏽", names), "+1::skin-tone-4")
  assert.equal(emojiName("❤️", names), "heart")
  assert.equal(emojiName("🫠", names), "🫠")
})

test("marks become Slack's, and its three signs are kept from meaning anything", () => {
  const as = (body: string) => slackText(body, namesOf([{ id: "a", name: "Anna" }]), (id) => `U${id}`)
  for (const [body, text] of [
    ["**a** *b* ~~c~~ `d<e`", "*a* _b_ ~c~ `d&lt;e`"],
    ["a & b < c", "a &amp; b &lt; c"],
    [
      "<@U1> <!channel> <https://a.example|x>",
      "&lt;@U1&gt; &lt;!channel&gt; &lt;<https://a.example/|https://a.example>|x&gt;",
    ],
    ["@Anna hi", "<@Ua> hi"],
    ["[x|y](https://a.example/|z)", "<https://a.example/%7Cz|x¦y>"],
    ["https://a.example", "<https://a.example/|https://a.example>"],
    ["> a\n> b", "&gt; a\n&gt; b"],
    ["- one\n- two", "• one\n• two"],
    ["1. one\n2. two", "1. one\n2. two"],
    ["```\nx = 1 < 2\n```", "```x = 1 &lt; 2```"],
    ["# Title", "*Title*"],
    ["|a|b|\n|-|-|\n|c|d|", "a | b\nc | d"],
  ] as const) {
    assert.equal(as(body), text, body)
  }
})
