import assert from "node:assert/strict"
import { test } from "node:test"
import { fileOf, heard, type Odd, oddZip, refusalOf, textOf, zipped } from "./fakes.ts"
import { CUT_THERE, MOST_DEPTH, MOST_SKIPPED } from "./limits.ts"
import { createIndex, createReading } from "./mattermostLines.ts"
import { idOf } from "./shaping.ts"
import { openSource } from "./source.ts"

const VERSION = { type: "version", version: 1, info: { generator: "mattermost-server" } }
const TEAM = { type: "team", team: { name: "crew", display_name: "The crew", type: "I" } }
const CHANNEL = {
  type: "channel",
  channel: { team: "crew", name: "town-square", display_name: "Town Square", type: "O", header: "all", purpose: "p" },
}
const USERS = [
  { type: "user", user: { username: "anna", nickname: "Anna K", first_name: "Anna", last_name: "Karenina" } },
  { type: "user", user: { username: "boris", first_name: "Boris", last_name: "B" } },
  { type: "bot", bot: { username: "ci", owner: "anna", display_name: "Builds" } },
]
const LISTS = [VERSION, TEAM, CHANNEL, ...USERS]
const SAID = { team: "crew", channel: "town-square", user: "anna", message: "hello", create_at: 1_000 }
const post = (parts: object = {}) => ({ type: "post", post: { ...SAID, ...parts } })
const idAt = (at: number, user = "anna") => idOf(`mattermost/crew/town-square/${at}/${user}`)

const linesOf = (records: readonly (object | string)[]) =>
  records.map((record) => `${typeof record === "string" ? record : JSON.stringify(record)}\n`).join("")
const open = (records: readonly (object | string)[]) => openSource(fileOf(linesOf(records)), "import.jsonl")

async function read(...records: readonly (object | string)[]) {
  const source = await open([...LISTS, ...records])
  return { source, ...(await heard(source, source.places[0])) }
}

test("a server has teams, people, programs, channels and conversations", async () => {
  const source = await open([
    ...LISTS,
    { type: "channel", channel: { team: "crew", name: "den", type: "P", deleted_at: 5 } },
    { type: "direct_channel", direct_channel: { members: ["boris", "anna"], header: "us" } },
    { type: "direct_channel", direct_channel: { participants: [{ username: "anna" }, { username: "zoe" }] } },
    {
      type: "direct_post",
      direct_post: { channel_members: ["anna", "boris"], user: "anna", message: "hi", create_at: 5 },
    },
    { type: "direct_post", direct_post: { channel_members: ["anna"], user: "anna", message: "note", create_at: 6 } },
    post({ channel: "unlisted" }),
  ])
  assert.deepEqual([source.flavour, source.title, source.skipped], ["mattermost", "The crew", []])
  assert.deepEqual(
    source.places.map(({ key, name, topic, kind, people, archived }) => [key, name, topic, kind, people, archived]),
    [
      ["crew/town-square", "Town Square", "all", "open", [], false],
      ["crew/den", "den", "", "private", [], true],
      ["direct/anna,boris", "", "us", "direct", ["boris", "anna"], false],
      ["direct/anna,zoe", "", "", "direct", ["anna", "zoe"], false],
      ["direct/anna", "", "", "direct", ["anna"], false],
      ["crew/unlisted", "unlisted", "", "open", [], false],
    ],
  )
  assert.deepEqual(
    source.people.map(({ name }) => name),
    ["Anna K", "Boris B", "Builds", "zoe"],
  )
  const bodies = []
  for (const place of source.places) bodies.push((await heard(source, place)).said.map(({ body }) => body).join())
  assert.deepEqual(bodies, ["", "", "hi", "", "note", "hello"])
})

test("channels of several teams are named with their team", async () => {
  const source = await open([
    ...LISTS,
    { type: "team", team: { name: "ops" } },
    { type: "channel", channel: { team: "ops", name: "town-square", display_name: "Town Square" } },
  ])
  assert.deepEqual(
    source.places.map(({ name }) => name),
    ["The crew: Town Square", "ops: Town Square"],
  )
})

test("posts and their answers come in the order of time, wherever they stand", async () => {
  const reply = (create_at: number, parts: object = {}) => ({
    user: "boris",
    message: `r${create_at}`,
    create_at,
    ...parts,
  })
  const { said, skipped } = await read(
    post({ create_at: 30, message: "p30" }),
    post({ create_at: 10, message: "p10", replies: [reply(40), reply(20, { edit_at: 21 })] }),
    { type: "channel", channel: { ...CHANNEL.channel, name: "later" } },
    post({ create_at: 25, message: "p25", channel: "later" }),
    post({ create_at: 5, message: "p5" }),
  )
  assert.deepEqual(skipped, [])
  assert.deepEqual(
    said.map(({ body }) => body),
    ["p5", "p10", "r20", "p30", "r40"],
  )
  assert.deepEqual(said[2], {
    id: idAt(20, "boris"),
    author: "boris",
    sentAt: 20,
    editedAt: 21,
    body: "r20",
    replyTo: idAt(10),
    mentions: [],
    reactions: {},
    files: [],
    where: "import.jsonl 8.2",
  })
})

test("with memory for one line at a time the order is the same", async () => {
  const index = createIndex()
  const texts: string[] = []
  for (let line = 1; line <= 60; line += 1) {
    texts.push(`line ${line}`)
    index.bytes.set(line, 7)
    for (let answer = 0; answer < 1 + (line % 3); answer += 1) {
      index.place.push(line % 4)
      index.time.push((line * 7_919 + answer * 31) % 100)
      index.line.push(line)
      index.answer.push(answer)
    }
  }
  let passes = 0
  async function* chunks() {
    passes += 1
    yield new TextEncoder().encode(`${texts.join("\n")}\n`)
  }
  const all = async (most: number) => {
    const itemsOf = createReading(index, chunks, most)
    const found: string[] = []
    for (const place of [0, 1, 2, 3, 9]) {
      for await (const { text, line, answer } of itemsOf(place)) {
        assert.equal(text, `line ${line}`)
        found.push(`${place} ${line} ${answer}`)
      }
    }
    return found
  }
  const whole = await all(1_000_000)
  assert.equal(passes, 1)
  assert.equal(whole.length, index.place.length)
  for (const most of [1, 7, 20, 100]) assert.deepEqual(await all(most), whole)
  assert.ok(passes > 60)
})

test("names and emoji become ours, but not in code", async () => {
  const { said } = await read(
    post({ message: "@anna, @Boris. @boris_b @nobody a@anna.example @channel :+1: `@anna :+1:`\n```\n@anna\n```" }),
  )
  assert.equal(
    said[0]?.body,
    "@Anna K, @Boris B. @boris_b @nobody a@anna.example @channel 👍 `@anna :+1:`\n```\n@anna\n```",
  )
  assert.deepEqual(said[0]?.mentions, ["anna", "boris"])
})

test("reactions, files and webhooks' names come along", async () => {
  const records = [
    ...LISTS,
    post({
      user: "ci",
      props: { override_username: "deploys", attachments: [] },
      reactions: [
        { user: "anna", emoji_name: "+1", create_at: 1 },
        { user: "zoe", emoji_name: "+1", create_at: 2 },
        { user: "zoe", emoji_name: "our_logo", create_at: 2 },
      ],
      attachments: [{ path: "20240101/sea.PNG" }, { path: "gone.txt" }, { path: "../../etc/passwd" }],
    }),
    post({ create_at: 2_000, message: "", attachments: [{ path: "gone.txt" }] }),
  ]
  const packed: readonly Odd[] = [
    { name: "import.jsonl", content: linesOf(records), isPacked: true },
    { name: "data/20240101/sea.PNG", content: "PNG" },
    { name: "data/20240101/users.json", content: "[]" },
  ]
  for (const folder of ["", "out/"]) {
    const zip = oddZip(packed.map((entry) => ({ ...entry, name: folder + entry.name })))
    const source = await openSource(fileOf(zip), "x.zip")
    const { said, skipped } = await heard(source, source.places[0])
    assert.deepEqual(said[0]?.reactions, { "👍": ["anna", "zoe"] })
    assert.deepEqual(said[0]?.shownAs, { name: "deploys" })
    assert.deepEqual(said[0]?.files, [{ key: "data/20240101/sea.PNG", name: "sea.PNG", type: "image/png", size: 3 }])
    assert.equal(
      await textOf(await source.bytesOf(said[0]?.files[0] ?? { key: "", name: "", type: "", size: 0 })),
      "PNG",
    )
    assert.equal(said[1]?.body, "📎 gone.txt")
    assert.deepEqual(
      skipped.map(({ why, detail }) => [why, detail]),
      [
        ["file_missing", "gone.txt"],
        ["file_missing", "passwd"],
        ["custom_emoji", "our_logo"],
        ["file_missing", "gone.txt"],
      ],
    )
    await source.close()
  }
  const alone = await open(records)
  assert.equal((await heard(alone, alone.places[0])).skipped.filter(({ why }) => why === "file_missing").length, 4)
})

test("what the program said, what was deleted, cut or is empty is named with its reason", async () => {
  const { said, skipped } = await read(
    post({ type: "system_join_channel" }),
    post({ delete_at: 9 }),
    post({ message: "x".repeat(CUT_THERE), create_at: 2_000 }),
    post({ message: "", create_at: 3_000 }),
  )
  assert.deepEqual(
    skipped.map(({ why }) => why),
    ["system", "deleted", "cut_there", "empty"],
  )
  assert.equal(said.map(({ body }) => body).join("").length, CUT_THERE)
})

test("two posts of one person at one time are both brought, the same one twice is not", async () => {
  const { said, skipped } = await read(post(), post({ message: "other" }), post())
  assert.deepEqual(
    said.map(({ body }) => body),
    ["hello", "other"],
  )
  assert.equal(said[0]?.id, idAt(1_000))
  assert.notEqual(said[1]?.id, said[0]?.id)
  assert.deepEqual(
    skipped.map(({ why }) => why),
    ["repeated"],
  )
})

test("lines that are none cost no other line, and broken answers not their post", async () => {
  const broken: readonly [object | string, string][] = [
    ["{", "malformed"],
    ["null", "malformed"],
    ["[]", "malformed"],
    ["[".repeat(MOST_DEPTH + 1), "oversized"],
    [{ type: "post" }, "malformed"],
    [{ type: "__proto__" }, "other_kind"],
    [{ type: "emoji", emoji: { name: "our_logo" } }, "other_kind"],
    [post({ create_at: -1 }), "malformed"],
    [post({ create_at: 0.5 }), "malformed"],
    [post({ user: null }), "malformed"],
    [{ type: "channel", channel: { name: 7 } }, "malformed"],
    [{ type: "user", user: [] }, "malformed"],
    [`{"type":"post","post":${"1".repeat(8_100_000)}}`, "oversized"],
  ]
  const reply = { user: "boris", message: "yes", create_at: 2_000 }
  const { source, said, skipped } = await read(
    ...broken.map(([line]) => line),
    "",
    post({ replies: [7, { ...reply, create_at: "now" }, reply, { ...reply, create_at: -1 }] }),
  )
  assert.deepEqual(
    said.map(({ body }) => body),
    ["hello", "yes"],
  )
  assert.deepEqual(
    source.skipped.map(({ where, why }) => [where, why]),
    broken.map(([, why], at) => [`import.jsonl ${at + 7}`, why]),
  )
  assert.deepEqual(
    skipped.map(({ where, why }) => [where, why]),
    ["1", "2", "4"].map((at) => [`import.jsonl 21.${at}`, "malformed"]),
  )
})

test("a field of another kind costs its message, whichever field it is, and no other", async () => {
  const odd = [7, "x", true, [], [7], {}, { a: 7 }, [{}], null]
  const whole = { ...SAID, type: "", props: {}, edit_at: 0, delete_at: 0, reactions: [], attachments: [], replies: [] }
  for (const field of Object.keys(whole)) {
    const { said } = await read(
      ...odd.map((value, at) => post({ ...whole, create_at: at, [field]: value })),
      post({ create_at: 9_000 }),
    )
    assert.equal(said.at(-1)?.sentAt, 9_000, field)
    for (const { body, sentAt } of said) assert.ok(typeof body === "string" && Number.isSafeInteger(sentAt))
  }
})

test("of a file of nonsense the report stays small", async () => {
  const { source } = await read(...Array.from({ length: MOST_SKIPPED + 5 }, () => "x"))
  assert.equal(source.skipped.length, MOST_SKIPPED + 1)
  assert.equal(source.skipped.at(-1)?.detail, "+ 5")
})

test("lines that were damaged in their zip are named, once, with what could be read before them", async () => {
  const many = Array.from({ length: 20_000 }, (_, at) => post({ create_at: at, message: `${at} ${Math.sin(at)}` }))
  const zip = oddZip([{ name: "import.jsonl", content: linesOf([...LISTS, ...many]), isPacked: true }])
  zip[Math.floor(zip.length * 0.9)] = (zip[Math.floor(zip.length * 0.9)] ?? 0) ^ 0xff
  const source = await openSource(fileOf(zip), "x.zip")
  assert.ok(source.skipped.some(({ where, why }) => where === "import.jsonl" && why === "damaged"))
  const { said } = await heard(source, source.places[0])
  assert.ok(said.length > 5_000 && said.length < many.length, String(said.length))
})

test("lines of something else are refused", async () => {
  for (const [text, why] of [
    ['{"type":"post"}\n', "unknown_file"],
    ["{}\n", "unknown_file"],
    [linesOf([VERSION]), "lists"],
    [linesOf([VERSION, CHANNEL]), ""],
  ] as const) {
    assert.equal(await refusalOf(text), why, text)
    const inZip = await refusalOf(await zipped({ "a.jsonl": text }))
    assert.equal(inZip, why === "unknown_file" ? "unknown_layout" : why, text)
  }
})
