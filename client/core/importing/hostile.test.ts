/** Files that were changed at random: whatever comes of them fits a room, and nothing goes wrong in another way than is said. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { fakeSource, wanted, watch } from "../archive/fakes.ts"
import { FLAVOURS, partsIn } from "../archive/flavours.ts"
import { zipOf } from "../archive/zip.ts"
import { isEmpty } from "../visible.ts"
import { fileOf, type Odd, oddZip, textOf } from "./fakes.ts"
import { MOST_BODY, MOST_EMOJIS, MOST_FILES, MOST_MENTIONS, MOST_NAME } from "./limits.ts"
import { ImportRefused, PartDamaged, SKIP_REASONS } from "./reasons.ts"
import { openSource, type Said } from "./source.ts"
import { UUID } from "./uuid.ts"
import { openZip } from "./zipReading.ts"

const LINES = [
  { type: "version", version: 1 },
  { type: "team", team: { name: "crew" } },
  { type: "channel", channel: { team: "crew", name: "general", type: "O" } },
  { type: "user", user: { username: "anna", nickname: "Anna" } },
  ...Array.from({ length: 20 }, (_, index) => ({
    type: "post",
    post: {
      team: "crew",
      channel: "general",
      user: "anna",
      message: `message ${index} @anna :+1:`,
      create_at: 1_000 - index,
      reactions: [{ user: "anna", emoji_name: "tada" }],
      replies: [{ user: "boris", message: "yes", create_at: 2_000 + index }],
      attachments: [{ path: "a.txt" }],
    },
  })),
]

async function partsOf(bytes: Uint8Array): Promise<readonly Odd[]> {
  const archive = await openZip(fileOf(bytes))
  return Promise.all(archive.names.map(async (name) => ({ name, content: (await textOf(archive.stream(name))) ?? "" })))
}

async function samples(): Promise<readonly Uint8Array[]> {
  const ours = await Promise.all(
    FLAVOURS.map(async (flavour) => {
      const parts = zipOf(partsIn(flavour, fakeSource(), wanted(), watch()))
      return new Uint8Array(await new Response(parts).arrayBuffer())
    }),
  )
  const packed = await Promise.all(
    ours.map(async (zip) => oddZip((await partsOf(zip)).map((part) => ({ ...part, isPacked: true })))),
  )
  const text = LINES.map((line) => `${JSON.stringify(line)}\n`).join("")
  const parts = [
    { name: "import.jsonl", content: text },
    { name: "data/a.txt", content: "hello" },
  ]
  return [
    ...ours,
    ...packed,
    oddZip(parts),
    oddZip(parts.map((part) => ({ ...part, isPacked: true }))),
    new TextEncoder().encode(text),
  ]
}

/** The same numbers in every run. */
function createChance(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % below
  }
}

function changed(bytes: Uint8Array, below: (most: number) => number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  switch (below(5)) {
    case 0:
      return copy.slice(0, below(copy.length))
    case 1:
      return Uint8Array.of(...copy.slice(0, below(copy.length)), ...copy.slice(below(copy.length)))
    case 2: {
      const at = below(copy.length)
      copy.copyWithin(below(copy.length), at, at + below(200))
      return copy
    }
    default:
      for (let count = 1 + below(8); count > 0; count -= 1) copy[below(copy.length)] = below(256)
      return copy
  }
}

function assertFits(said: Said, people: ReadonlySet<string>): void {
  assert.match(said.id, UUID)
  assert.ok(said.replyTo === null || UUID.test(said.replyTo))
  assert.ok(Number.isSafeInteger(said.sentAt) && said.sentAt >= 0)
  assert.ok(said.editedAt === null || (Number.isSafeInteger(said.editedAt) && said.editedAt >= 0))
  assert.ok([...said.body].length <= MOST_BODY && !/\p{Cs}/u.test(said.body))
  assert.ok(!isEmpty(said.body) || said.files.length > 0)
  assert.ok(said.files.length <= MOST_FILES && said.mentions.length <= MOST_MENTIONS)
  assert.ok(Object.keys(said.reactions).length <= MOST_EMOJIS)
  for (const key of [said.author, ...said.mentions, ...Object.values(said.reactions).flat()])
    assert.ok(people.has(key), key)
}

async function readWhole(bytes: Uint8Array): Promise<number> {
  const source = await openSource(fileOf(bytes), "chat.zip")
  const reasons = [...source.skipped]
  let count = 0
  for (const place of source.places) {
    for await (const said of source.said(place)) {
      if ("why" in said) {
        reasons.push(said)
        continue
      }
      count += 1
      if ("deletedAt" in said) {
        assert.match(said.id, UUID)
        assert.ok(Number.isSafeInteger(said.deletedAt) && said.sentAt >= 0 && said.sentAt <= said.deletedAt)
        continue
      }
      assertFits(said, new Set(source.people.map(({ key }) => key)))
      for (const file of said.files) {
        const error = await textOf(await source.bytesOf(file)).then(
          () => null,
          (reason: unknown) => reason,
        )
        assert.ok(error === null || error instanceof PartDamaged, String(error))
      }
    }
  }
  for (const { where, why } of reasons) {
    assert.ok(SKIP_REASONS.includes(why) && !/\p{Cc}/u.test(where), `${where}: ${why}`)
  }
  for (const { name } of source.people) assert.ok(!isEmpty(name) && [...name].length <= MOST_NAME)
  await source.close()
  return count
}

test("whatever is changed in a file, it is refused or read, and what is read fits a room", async () => {
  const below = createChance(11)
  const outcomes = { refused: 0, read: 0 }
  for (const sample of await samples()) {
    assert.ok((await readWhole(sample)) > 5)
    for (let round = 0; round < 120; round += 1) {
      try {
        await readWhole(changed(sample, below))
        outcomes.read += 1
      } catch (error) {
        assert.ok(error instanceof ImportRefused, String(error instanceof Error ? error.stack : error))
        outcomes.refused += 1
      }
    }
  }
  assert.ok(outcomes.read > 200 && outcomes.refused > 100, JSON.stringify(outcomes))
})

test("whatever is changed inside the parts, with their sums in order, costs no more than what was changed", async () => {
  const below = createChance(12)
  for (const sample of (await samples()).slice(0, 2)) {
    const parts = await partsOf(sample)
    for (let round = 0; round < 120; round += 1) {
      const at = below(parts.length)
      const odd = parts.map((part, index) =>
        index === at ? { ...part, content: changed(new TextEncoder().encode(String(part.content)), below) } : part,
      )
      await readWhole(oddZip(odd)).catch((error: unknown) => {
        assert.ok(error instanceof ImportRefused, String(error instanceof Error ? error.stack : error))
      })
    }
  }
})
