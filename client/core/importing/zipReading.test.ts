import assert from "node:assert/strict"
import { test } from "node:test"
import { fileOf, type Odd, oddZip, textOf, zipped } from "./fakes.ts"
import { MOST_ENTRIES, MOST_RATIO, RATIO_FROM_BYTES } from "./limits.ts"
import { ImportRefused, PartDamaged } from "./reasons.ts"
import { bytesIn, openZip } from "./zipReading.ts"

const TEXT = "Good morning, this is a text that shrinks. ".repeat(200)
const open = (bytes: Uint8Array) => openZip(fileOf(bytes))
const openOdd = (...entries: readonly Odd[]) => open(oddZip(entries))

async function refusal(bytes: Uint8Array): Promise<string> {
  const error = await open(bytes).then(
    () => null,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof ImportRefused, String(error))
  return error.why
}

async function problem(entry: Odd): Promise<string> {
  const archive = await openOdd(entry)
  const error = await textOf(archive.stream(entry.name)).then(
    () => null,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof PartDamaged, String(error))
  assert.equal(error.where, entry.name)
  return error.why
}

test("entries come out as they went in, stored and packed, as often as they are asked for", async () => {
  const stored = await open(await zipped({ "a.txt": TEXT, "ä/b.txt": "" }))
  assert.deepEqual(stored.names, ["a.txt", "ä/b.txt"])
  assert.deepEqual([stored.size("a.txt"), stored.size("none"), stored.stream("none")], [TEXT.length, null, null])
  for (const archive of [stored, await openOdd({ name: "a.txt", content: TEXT, isPacked: true })]) {
    assert.equal(await textOf(archive.stream("a.txt")), TEXT)
    assert.equal(new TextDecoder().decode((await bytesIn(archive, "a.txt")) ?? undefined), TEXT)
  }
  assert.equal(await textOf(stored.stream("ä/b.txt")), "")
  assert.deepEqual((await openOdd({ name: "c/", content: "" }, { name: "c/d", content: "" })).names, ["c/d"])
})

test("reading stops where somebody stops reading", async () => {
  let read = 0
  const bytes = oddZip([{ name: "a", content: new Uint8Array(10_000_000) }])
  const archive = await openZip({
    size: bytes.length,
    read: async (at, length) => {
      read += length
      return bytes.slice(at, at + length)
    },
  })
  const reader = archive.stream("a")?.getReader()
  await reader?.read()
  await reader?.cancel()
  assert.ok(read < 3_000_000, String(read))
})

test("a zip without its end, or without its list, is refused", async () => {
  const whole = await zipped({ "a.txt": TEXT })
  for (const length of [whole.length - 1, whole.length - 22, TEXT.length, 40]) {
    assert.equal(await refusal(whole.slice(0, length)), "cut", String(length))
  }
  const broken = Uint8Array.from(whole)
  broken.set([1, 2, 3, 4], Buffer.from(whole).indexOf("PK\x01\x02"))
  assert.equal(await refusal(broken), "damaged")
  assert.equal(await refusal(oddZip([{ name: "a", content: "b" }], { count: 2 })), "damaged")
})

test("a byte that was changed is found, wherever it is", async () => {
  for (const isPacked of [false, true]) {
    const whole = oddZip([{ name: "a.txt", content: TEXT, isPacked }])
    const from = 30 + "a.txt".length
    for (const at of [from, from + 20, from + 70]) {
      const changed = Uint8Array.from(whole)
      changed[at] = (changed[at] ?? 0) ^ 0x10
      const archive = await open(changed)
      await assert.rejects(textOf(archive.stream("a.txt")), PartDamaged, `${at} ${isPacked}`)
      await assert.rejects(bytesIn(archive, "a.txt"), PartDamaged)
    }
  }
})

test("a size or a checksum that is not so is found", async () => {
  assert.equal(await problem({ name: "a", content: TEXT, isPacked: true, size: 10 }), "damaged")
  assert.equal(await problem({ name: "a", content: TEXT, isPacked: true, size: TEXT.length + 1 }), "damaged")
  assert.equal(await problem({ name: "a", content: TEXT, size: TEXT.length - 1 }), "damaged")
  assert.equal(await problem({ name: "a", content: TEXT, isPacked: true, packedSize: 20 }), "damaged")
  assert.equal(await problem({ name: "a", content: TEXT, crc: 1 }), "damaged")
  assert.equal(await problem({ name: "a", content: TEXT, offset: 20 }), "damaged")
})

test("of an entry that unpacks to more than it says no more than that is unpacked", async () => {
  const archive = await openOdd({ name: "a", content: new Uint8Array(50_000_000), isPacked: true, size: 100_000 })
  const stream = archive.stream("a")
  let come = 0
  await assert.rejects(async () => {
    for await (const chunk of stream ?? []) come += chunk.length
  }, PartDamaged)
  assert.ok(come <= 100_000, String(come))
})

test("what is packed tighter than texts can be is not unpacked", async () => {
  const zeros = (length: number): Odd => ({ name: "a", content: new Uint8Array(length), isPacked: true })
  assert.equal(await refusal(oddZip([zeros(RATIO_FROM_BYTES + 1)])), "bomb")
  assert.deepEqual((await openOdd(zeros(RATIO_FROM_BYTES))).names, ["a"])
  const packedSize = 20_000
  const atMost: Odd = { name: "a", content: new Uint8Array(packedSize), size: packedSize * MOST_RATIO }
  assert.deepEqual((await openOdd(atMost)).names, ["a"])
  assert.equal(await refusal(oddZip([{ ...atMost, size: packedSize * MOST_RATIO + 1 }])), "bomb")
})

test("entries that share their bytes are refused", async () => {
  const one: Odd = { name: "a", content: TEXT }
  const others = ["b", "c", "d"].map(
    (name): Odd => ({ name, content: "", size: TEXT.length, packedSize: TEXT.length, offset: 0 }),
  )
  assert.equal(await refusal(oddZip([one, ...others])), "bomb")
})

test("a zip with a password is refused", async () => {
  assert.equal(await refusal(oddZip([{ name: "a", content: TEXT, flags: 1 }])), "encrypted")
})

test("names that could lead out of a folder, and second ones, are left out and named", async () => {
  const names = [
    "../a",
    "/etc/passwd",
    "a/../../b",
    "C:\\a",
    "c:/a",
    "a\\b",
    "a\0b",
    "a\x1b[2Jb",
    "./a",
    "a/..",
    "x".repeat(1_001),
  ]
  const archive = await openOdd(...names.map((name) => ({ name, content: "x" })), { name: "a..b/c.d", content: "fine" })
  assert.deepEqual(archive.names, ["a..b/c.d"])
  assert.deepEqual(
    archive.skipped.map(({ why }) => why),
    names.map(() => "unsafe_name"),
  )
  assert.ok(archive.skipped.every(({ where }) => !/\p{Cc}/u.test(where)))
  const twice = await openOdd({ name: "a", content: "first" }, { name: "a", content: "second" })
  assert.deepEqual([twice.names, twice.skipped], [["a"], [{ where: "a", why: "repeated" }]])
  assert.equal(await textOf(twice.stream("a")), "first")
})

test("an entry that is packed in a way that we cannot read is named", async () => {
  const archive = await openOdd({ name: "a", content: TEXT, method: 12 }, { name: "b", content: TEXT })
  assert.deepEqual([archive.names, archive.skipped], [["b"], [{ where: "a", why: "damaged", detail: "method" }]])
})

test("whoever has a better sum gets what is there, changed or not, but never more or less than the list says", async () => {
  const archive = await openOdd(
    { name: "a", content: TEXT, crc: 1 },
    { name: "b", content: TEXT, size: TEXT.length + 1 },
  )
  assert.equal(await textOf(archive.stream("a", true)), TEXT)
  await assert.rejects(textOf(archive.stream("b", true)), PartDamaged)
})

test("a name that looks like something else is shown without what turns it around", async () => {
  const { skipped } = await openOdd({ name: "../gnp.\u202Eexe", content: "" })
  assert.deepEqual(skipped, [{ where: "../gnp.exe", why: "unsafe_name" }])
})

test("as many entries as a zip may have are read, and with one more it is refused", async () => {
  const many = (count: number) =>
    oddZip(Array.from({ length: count }, (_, index) => ({ name: `f${index}`, content: "" })))
  assert.equal(MOST_ENTRIES, 200_000)
  for (const count of [49, 50]) assert.equal((await openZip(fileOf(many(count)), 50)).names.length, count)
  await assert.rejects(openZip(fileOf(many(51)), 50), { why: "too_many_entries" })
})

test("a list of a million entries is not even read", async () => {
  const end = Buffer.alloc(98)
  end.write("PK\x06\x06", 0, "latin1")
  end.writeBigUInt64LE(44n, 4)
  end.writeBigUInt64LE(1_500_000n, 24)
  end.writeBigUInt64LE(1_500_000n, 32)
  end.writeBigUInt64LE(75_000_000n, 40)
  end.write("PK\x06\x07", 56, "latin1")
  end.writeBigUInt64LE(75_000_000n, 64)
  end.writeUInt32LE(1, 72)
  end.write("PK\x05\x06", 76, "latin1")
  end.fill(0xff, 84, 96)
  let longest = 0
  const file = {
    size: 75_000_000 + end.length,
    read: async (at: number, length: number) => {
      longest = Math.max(longest, length)
      const bytes = new Uint8Array(length)
      if (at + length > 75_000_000)
        bytes.set(end.subarray(Math.max(0, at - 75_000_000), at + length - 75_000_000), Math.max(0, 75_000_000 - at))
      return bytes
    },
  }
  await assert.rejects(openZip(file), { why: "too_many_entries" })
  assert.ok(longest < 1_000_000, String(longest))
})

test("a part that is too large to be read as a whole is not read", async () => {
  const archive = await open(await zipped({ a: TEXT }))
  await assert.rejects(bytesIn(archive, "a", TEXT.length - 1), { why: "oversized" })
  assert.equal((await bytesIn(archive, "a", TEXT.length))?.length, TEXT.length)
  assert.equal(await bytesIn(archive, "none"), null)
})

test("a disk that fails is no damage of the zip", async () => {
  const trouble = new Error("EIO")
  for (const isPacked of [false, true]) {
    const bytes = oddZip([{ name: "a", content: TEXT.repeat(20), isPacked }])
    let isBroken = false
    const read = async (at: number, length: number) => {
      if (isBroken) throw trouble
      return bytes.slice(at, at + length)
    }
    const archive = await openZip({ size: bytes.length, read })
    isBroken = true
    await assert.rejects(textOf(archive.stream("a")), trouble)
    await assert.rejects(openZip({ size: bytes.length, read }), trouble)
  }
})
