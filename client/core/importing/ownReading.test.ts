import assert from "node:assert/strict"
import { createHash } from "node:crypto"
import { test } from "node:test"
import { fakeSource, VECTORS, wanted, watch } from "../archive/fakes.ts"
import { partsOf } from "../archive/writer.ts"
import { zipOf } from "../archive/zip.ts"
import { fileOf, heard, oddZip, type Parts, refusalOf, textOf, zipped } from "./fakes.ts"
import { MOST_DEPTH } from "./limits.ts"
import { openSource } from "./source.ts"

const open = (bytes: Uint8Array) => openSource(fileOf(bytes), "chat.zip")
const exported = async () =>
  new Uint8Array(await new Response(zipOf(partsOf(fakeSource(), wanted(), watch()))).arrayBuffer())

const MANIFEST = JSON.parse(JSON.stringify(VECTORS.manifest))
const ANNA = { id: "anna", name: "Anna", role: "member", former: false }
const GENERAL = {
  id: "general",
  name: "general",
  topic: "",
  kind: "open",
  archived: false,
  created_by: null,
  retention_days: null,
  members: [],
  keepers: [],
}
const ID = "aaaaaaaa-aaaa-4aaa-8aaa-00000000000"
const SAID = {
  id: `${ID}1`,
  seq: 1,
  author: "anna",
  sent_at: 1_000,
  edited_at: null,
  deleted_at: null,
  body: "hello",
  reply_to: null,
  mentions: [],
  reactions: {},
  files: [],
}

const linesOf = (records: readonly (object | string)[]) =>
  records.map((record) => `${typeof record === "string" ? record : JSON.stringify(record)}\n`).join("")
const sumOf = (content: string) => createHash("sha256").update(content).digest("hex")

/** An export with these messages, its manifest in order. */
function partsWith(
  messages: readonly (object | string)[],
  others: Readonly<Record<string, string>> = {},
  manifest = MANIFEST,
): Parts {
  const parts = {
    "members.jsonl": linesOf([ANNA]),
    "channels.jsonl": linesOf([GENERAL]),
    "messages/general.jsonl": linesOf(messages),
    ...others,
  }
  const sums = Object.entries(parts).map(([name, content]) => ({ name, bytes: content.length, sha256: sumOf(content) }))
  return { ...parts, "manifest.json": { ...manifest, parts: sums } }
}

async function read(messages: readonly (object | string)[], others?: Readonly<Record<string, string>>) {
  const source = await open(await zipped(partsWith(messages, others)))
  return { source, ...(await heard(source, source.places[0])) }
}

test("the room of the vectors comes back with its ids, times, answers, reactions and files", async () => {
  const source = await open(await exported())
  assert.deepEqual([source.flavour, source.title, source.skipped], ["own", "Our room", []])
  assert.deepEqual(
    source.people.map(({ name }) => name),
    ["Anna", "Boris", "Builds", "Кира"],
  )
  assert.deepEqual(
    source.places.map(({ name, kind, archived, people }) => [name, kind, archived, people.length]),
    [
      ["alerts", "open", true, 0],
      ["general", "open", false, 0],
      ["den", "private", false, 2],
      ["", "direct", false, 2],
    ],
  )
  const { said, gone, skipped } = await heard(source, source.places[1])
  assert.deepEqual(
    said.map(({ id }) => id),
    [1, 2, 4, 5].map((number) => `${ID}${number}`),
  )
  const [, answer, withFiles, bot] = said
  assert.deepEqual(
    [answer?.replyTo, answer?.sentAt, answer?.editedAt, answer?.body, answer?.mentions],
    [`${ID}1`, 1800000001000, 1800000002000, "@Anna **good** morning!\nsecond line", [source.people[0]?.key]],
  )
  assert.deepEqual(Object.keys(answer?.reactions ?? {}), ["👍", "1️⃣"])
  assert.deepEqual(bot?.shownAs, { name: "CI", emoji: "🤖" })
  assert.deepEqual(gone, [
    { id: `${ID}3`, deletedAt: 1800000003000, sentAt: 1800000001000, where: "messages/general.jsonl 3" },
  ])
  assert.deepEqual(skipped, [{ where: "messages/general.jsonl 6", why: "unreadable" }])
  const [notes, summer] = withFiles?.files ?? []
  assert.deepEqual([summer?.width, summer?.height, summer?.alt, summer?.size], [2, 1, "the sea", 4])
  assert.ok(notes !== undefined)
  assert.equal(await textOf(await source.bytesOf(notes)), "hello")
  assert.equal(await textOf(await source.bytesOf(notes)), "hello")
  assert.equal(await source.bytesOf({ ...notes, key: "none" }), null)
  assert.deepEqual(await heard(source, source.places[1]), { said, gone, skipped })
  await source.close()
})

test("of a deleted message its place is read, with the time of what stands beside it, and nothing else", async () => {
  const deleted = { ...SAID, author: null, sent_at: null, body: null, deleted_at: 9_000 }
  const lines = [
    { ...deleted, id: `${ID}1` },
    { ...SAID, id: `${ID}2`, sent_at: 5_000, reply_to: `${ID}1` },
    { ...deleted, id: `${ID}3`, author: "anna", sent_at: 7, body: "left over", reactions: { "👍": ["anna"] } },
    { ...deleted, id: `${ID}4`, deleted_at: 4_000 },
    { ...deleted, id: `${ID}2` },
    { ...deleted, id: "x" },
    { ...deleted, id: `${ID}5`, deleted_at: -1 },
  ]
  const { said, gone, skipped } = await read(lines)
  assert.deepEqual(
    said.map(({ id, replyTo }) => [id, replyTo]),
    [[`${ID}2`, `${ID}1`]],
  )
  const where = (line: number) => `messages/general.jsonl ${line}`
  assert.deepEqual(gone, [
    { id: `${ID}1`, deletedAt: 9_000, sentAt: 9_000, where: where(1) },
    { id: `${ID}3`, deletedAt: 9_000, sentAt: 5_000, where: where(3) },
    { id: `${ID}4`, deletedAt: 4_000, sentAt: 4_000, where: where(4) },
  ])
  assert.deepEqual(skipped, [
    { where: where(5), why: "repeated" },
    { where: where(6), why: "malformed", detail: "id" },
    { where: where(7), why: "malformed", detail: "deleted_at" },
  ])
})

test("a channel that begins with deleted messages begins when its manifest says", async () => {
  const deleted = { ...SAID, author: null, sent_at: null, body: null, deleted_at: 9_000 }
  const first = {
    id: "general",
    messages: 0,
    deleted: 1,
    first_at: 2_000,
    last_at: null,
    kept_days: null,
    begins_late: false,
  }
  const at = async (channel: object) => {
    const source = await open(await zipped(partsWith([deleted], {}, { ...MANIFEST, channels: [channel] })))
    return (await heard(source, source.places[0])).gone.map(({ sentAt }) => sentAt)
  }
  assert.deepEqual(await at(first), [2_000])
  assert.deepEqual(await at({ ...first, first_at: -1 }), [9_000])
  assert.deepEqual(await at({ ...first, first_at: 10_000 }), [9_000])
})

test("an export that somebody has unpacked and zipped again is the same", async () => {
  const parts = partsWith([SAID])
  const inFolder = Object.fromEntries(Object.entries(parts).map(([name, content]) => [`chat/${name}`, content]))
  const source = await open(await zipped({ ...inFolder, "__MACOSX/chat/._manifest.json": "x" }))
  assert.equal((await heard(source, source.places[0])).said.length, 1)
  const packed = Object.entries(parts).map(([name, content]) => ({
    name,
    content: typeof content === "string" ? content : JSON.stringify(content),
    isPacked: true,
  }))
  const other = await open(oddZip(packed))
  assert.deepEqual(
    (await heard(other, other.places[0])).said.map(({ id }) => id),
    [`${ID}1`],
  )
})

test("parts that were changed after the export are named, and what can be read of them is read", async () => {
  const parts = partsWith([SAID, { ...SAID, id: `${ID}2` }], { "files/AAECAwQFBgcICQoLDA0ODw": "hello" })
  const changed = await open(
    await zipped({
      ...parts,
      "members.jsonl": linesOf([{ ...ANNA, name: "Eve" }]),
      "messages/general.jsonl": linesOf([SAID]),
      "files/AAECAwQFBgcICQoLDA0ODw": "hullo",
    }),
  )
  assert.deepEqual(changed.skipped, [{ where: "members.jsonl", why: "changed" }])
  const { said, skipped } = await heard(changed, changed.places[0])
  assert.equal(said.length, 1)
  assert.deepEqual(skipped, [{ where: "messages/general.jsonl", why: "changed" }])
  const file = { key: "AAECAwQFBgcICQoLDA0ODw", name: "a", type: "text/plain", size: 5 }
  await assert.rejects(textOf(await changed.bytesOf(file)), { name: "PartDamaged", why: "changed" })
})

test("a part with a byte that was changed gives all lines but this one, and no half of it", async () => {
  const whole = await zipped(partsWith(Array.from({ length: 9 }, (_, index) => ({ ...SAID, id: `${ID}${index}` }))))
  const at = Buffer.from(whole).indexOf(`${ID}8`)
  whole[at + 3] = 0x0a
  const source = await open(whole)
  const { said, skipped } = await heard(source, source.places[0])
  assert.equal(said.length, 8)
  assert.deepEqual(
    skipped.map(({ why }) => why),
    ["malformed", "malformed", "changed"],
  )
})

test("a part that is missing is named", async () => {
  const { "messages/general.jsonl": _, ...rest } = partsWith([])
  const source = await open(await zipped(rest))
  assert.deepEqual(await heard(source, source.places[0]), {
    said: [],
    gone: [],
    skipped: [{ where: "messages/general.jsonl", why: "missing" }],
  })
})

test("lines that are none cost no other line", async () => {
  const broken: readonly [object | string, string][] = [
    ["{", "malformed"],
    ["", "malformed"],
    ["null", "malformed"],
    ["[]", "malformed"],
    ["\u0000", "malformed"],
    [`${"[".repeat(MOST_DEPTH + 1)}`, "oversized"],
    [{ ...SAID, id: `${ID}9`, extra: Array(9_000_000).join("x") }, "oversized"],
    [{ ...SAID, id: "1" }, "malformed"],
    [{ ...SAID, id: `${ID}2`, author: null }, "malformed"],
    [{ ...SAID, id: `${ID}2`, sent_at: null }, "malformed"],
    [{ ...SAID, id: `${ID}2`, sent_at: -1 }, "malformed"],
    [{ ...SAID, id: `${ID}2`, sent_at: 1e300 }, "malformed"],
    [{ ...SAID, id: `${ID}2`, body: null }, "empty"],
    [{ ...SAID, id: `${ID}1` }, "repeated"],
  ]
  const { said, skipped } = await read([SAID, ...broken.map(([line]) => line), { ...SAID, id: `${ID}3` }])
  assert.deepEqual(
    said.map(({ id }) => id),
    [`${ID}1`, `${ID}3`],
  )
  assert.deepEqual(
    skipped.map(({ where, why }) => [where, why]),
    broken.map(([, why], index) => [`messages/general.jsonl ${index + 2}`, why]),
  )
})

test("a field of another kind costs its message, whichever field it is, and no other", async () => {
  const odd = [7, "x", true, [], [7], {}, { a: 7 }, [{}], [[]]]
  for (const field of Object.keys(SAID)) {
    const lines = odd.map((value, index) => ({ ...SAID, id: `${ID.slice(0, -1)}2${index}`, [field]: value }))
    const { said, skipped } = await read([...lines, { ...SAID, id: `${ID}9` }])
    assert.equal(said.at(-1)?.id, `${ID}9`, field)
    assert.ok(said.length + skipped.length >= odd.length, field)
    for (const each of said) {
      assert.equal(typeof each.body, "string")
      assert.ok(Number.isSafeInteger(each.sentAt) && (each.editedAt === null || Number.isSafeInteger(each.editedAt)))
    }
  }
})

test("people who are in no list have their id as name, keys that name the prototype are keys", async () => {
  const reactions = JSON.parse('{"__proto__":["anna"],"👍":["constructor","__proto__"],"constructor":[]}')
  const { source, said, skipped } = await read([
    { ...SAID, author: "toString", mentions: ["ghost", "ghost"], reactions },
  ])
  assert.deepEqual(said[0]?.reactions, { "👍": ["constructor", "__proto__"] })
  assert.deepEqual(said[0]?.mentions, ["ghost"])
  assert.deepEqual(
    skipped.map(({ why }) => why),
    ["custom_emoji", "custom_emoji"],
  )
  assert.deepEqual(
    source.people.map(({ key, name }) => [key, name]),
    ["anna", "toString", "ghost", "constructor", "__proto__"].map((key) => [key, key === "anna" ? "Anna" : key]),
  )
})

test("files that are not in the export are named, and a message that was nothing else keeps their names", async () => {
  const file = { id: "AAECAwQFBgcICQoLDA0ODw", name: "a\u202Eb.png", type: "IMAGE/png", size: 99, width: 0, height: 1 }
  const lines = [
    { ...SAID, files: [file] },
    { ...SAID, id: `${ID}2`, body: "", files: [file] },
    { ...SAID, id: `${ID}3`, body: "", files: [{ ...file, id: "EAECAwQFBgcICQoLDA0ODw" }] },
  ]
  const { said, skipped } = await read(lines, { "files/EAECAwQFBgcICQoLDA0ODw": "PNG" })
  assert.deepEqual(
    said.map(({ body }) => body),
    ["hello", "📎 ab.png", ""],
  )
  assert.deepEqual(said[2]?.files, [{ key: "EAECAwQFBgcICQoLDA0ODw", name: "ab.png", type: "image/png", size: 3 }])
  assert.deepEqual(
    skipped.map(({ why, detail }) => [why, detail]),
    Array(2).fill(["file_missing", "ab.png"]),
  )
})

test("names of channels and people are those that a room takes", async () => {
  const channels = linesOf([
    { ...GENERAL, name: "ge\u202Ene\0ral", topic: "a\nb" },
    { ...GENERAL, id: "general" },
    { ...GENERAL, id: "c2", name: "", kind: "private", members: ["anna", "anna", "m2"] },
    { ...GENERAL, id: "c3", kind: "secret" },
    "nonsense",
  ])
  const { source } = await read([], {
    "channels.jsonl": channels,
    "members.jsonl": linesOf([{ ...ANNA, name: "\u200B" }]),
  })
  assert.deepEqual(
    source.places.map(({ key, name, topic, people }) => [key, name, topic, people]),
    [
      ["general", "general", "a b", []],
      ["c2", "c2", "", ["anna", "m2"]],
    ],
  )
  assert.deepEqual(
    source.people.map(({ name }) => name),
    ["anna", "m2"],
  )
  assert.deepEqual(
    source.skipped.map(({ why }) => why),
    ["malformed", "malformed", "repeated"],
  )
})

test("a manifest that is missing, broken or of a later version is refused, other zips as unknown", async () => {
  const { "manifest.json": _, ...without } = partsWith([])
  const cases: readonly [Parts, string][] = [
    [without, "manifest"],
    [{ ...without, "manifest.json": "{" }, "manifest"],
    [{ ...without, "manifest.json": { ...MANIFEST, parts: 7 } }, "manifest"],
    [{ ...without, "manifest.json": { ...MANIFEST, format: "durable-chat-export-2" } }, "manifest"],
    [{ "manifest.json": { format: "durable-chat-export-2" } }, "manifest"],
    [{ "manifest.json": { name: "an extension" } }, "unknown_layout"],
    [{ "manifest.json": "null" }, "unknown_layout"],
    [{ "word/document.xml": "<x/>" }, "unknown_layout"],
    [{}, "unknown_layout"],
    [partsWith([]), ""],
  ]
  for (const [parts, why] of cases)
    assert.equal(await refusalOf(await zipped(parts)), why, JSON.stringify(parts).slice(0, 80))
  const none = { ...partsWith([]), "channels.jsonl": "" }
  assert.equal(await refusalOf(await zipped(none)), "lists")
})
