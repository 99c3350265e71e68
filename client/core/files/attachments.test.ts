import assert from "node:assert/strict"
import { test } from "node:test"
import { memoryVault, settle, shelvesOfTabs } from "../fakes.ts"
import { fakePage, fakeServer, preparesAll } from "./fakes.ts"
import { memoryFileVault } from "./memoryVault.ts"
import type { FileVault } from "./ports.ts"
import type { FilesEngine } from "./types.ts"

const fileOf = (name: string, content: string | number, type = "text/plain") =>
  new File([typeof content === "number" ? new Uint8Array(content) : content], name, { type })
const picture = (name = "a.png") => fileOf(name, "pixels", "image/png")

/** The tabs of one browser: they share what it keeps. */
function browser(fileVault: FileVault = memoryFileVault()) {
  const [vault, shelves] = [memoryVault(), shelvesOfTabs()]
  return (own: string, open: readonly string[] = [own], prepare = preparesAll) =>
    fakePage(fakeServer(), { own, open, vault, fileVault, shelf: shelves(), prepare })
}

const stages = async (page: ReturnType<typeof fakePage>, channel = "general") =>
  ((await page.files()).attachments.store.get()[channel] ?? []).map(({ name, stage, problem }) =>
    [name, stage, problem].filter((each) => each !== null).join(" "),
  )

test("picked files are shown at once, copied, prepared, and kept in the order in which they were picked", async () => {
  const page = browser()("a")
  const { attachments } = await page.files()
  attachments.pick("general", [picture("1.png"), fileOf("2.txt", "two")])
  attachments.pick("general", [fileOf("../3\u202e.pdf", "three", "application/pdf")])
  attachments.pick("other", [fileOf("4.txt", "four")])
  assert.deepEqual(await stages(page), ["1.png preparing", "2.txt preparing", "3.pdf preparing"])
  assert.equal(parseInt(page.hub.notes.get("files:general"), 10), 3)
  await settle()
  assert.deepEqual(await stages(page), ["1.png ready", "2.txt ready", "3.pdf ready"])
  const [first, , third] = attachments.store.get()["general"] ?? []
  assert.equal(await first?.preview?.text(), "abc")
  assert.equal(third?.mayHoldPersonalData, true)
  const taken = await attachments.take("general")
  assert.deepEqual(
    taken.map(({ name }) => name),
    ["1.png", "2.txt", "3.pdf"],
  )
  assert.deepEqual([await stages(page), page.hub.notes.get("files:general")], [[], ""])
  assert.deepEqual(await stages(page, "other"), ["4.txt ready"])
  assert.deepEqual(taken[0]?.thumb, { type: "image/webp", size: 3, width: 2, height: 1 })
  assert.equal("isOriginal" in (taken[0] ?? {}), false)
})

test("a reload loses none: neither what is ready nor what was being prepared, nor what was typed with it", async () => {
  const open = browser()
  let isReady: () => void = () => undefined
  const slowly: typeof preparesAll = async (source, given) => {
    if (given.name === "slow.txt") await new Promise<void>((resolve) => (isReady = resolve))
    return preparesAll(source, given)
  }
  const before = open("before", ["before"], slowly)
  const { attachments } = await before.files()
  attachments.pick("general", [picture(), fileOf("slow.txt", "slow")])
  await settle()
  const [{ id } = { id: "" }] = attachments.store.get()["general"] ?? []
  attachments.describe("general", id, "a hat")
  await settle()
  assert.deepEqual(await stages(before), ["a.png ready", "slow.txt preparing"])
  before.hub.close()
  const after = open("after")
  await after.files()
  await settle()
  assert.deepEqual(await stages(after), ["a.png ready", "slow.txt ready"])
  const taken = await (await after.files()).attachments.take("general")
  assert.equal(taken[0]?.alt, "a hat")
  assert.equal(await (await after.fileVault.piece(taken[1]?.id ?? "", "whole"))?.text(), "slow")
  isReady()
})

test("who sends at once after a reload sends what was picked before it", async () => {
  const open = browser()
  const before = open("before")
  ;(await before.files()).attachments.pick("general", [picture()])
  await settle()
  before.hub.close()
  const taken = await (await open("after").files()).attachments.take("general")
  assert.deepEqual(
    taken.map(({ name }) => name),
    ["a.png"],
  )
})

test("all tabs show the same, and only one of them sends it", async () => {
  const open = browser()
  const [one, two] = [open("a", ["a", "b"]), open("b", ["a", "b"])]
  const [first, second] = [(await one.files()).attachments, (await two.files()).attachments]
  first.pick("general", [picture(), fileOf("b.txt", "b")])
  await settle()
  assert.deepEqual(await stages(two), ["a.png ready", "b.txt ready"])
  const ids = second.store.get()["general"]?.map(({ id }) => id) ?? []
  second.describe("general", ids[0] ?? "", "a hat")
  second.remove("general", ids[1] ?? "")
  await settle()
  assert.deepEqual(await stages(one), ["a.png ready"])
  assert.equal(first.store.get()["general"]?.[0]?.alt, "a hat")
  const taken = await Promise.all([first.take("general"), second.take("general")])
  assert.deepEqual(
    taken.flat().map(({ name, alt }) => [name, alt]),
    [["a.png", "a hat"]],
  )
  await settle()
  assert.deepEqual([await stages(one), await stages(two)], [[], []])
})

test("what went away between the composer and its message is in the composer again", async () => {
  const open = browser()
  const before = open("before")
  const { attachments } = await before.files()
  attachments.pick("general", [fileOf("a.txt", "a"), fileOf("b.txt", "b")])
  const [a, b] = await attachments.take("general")
  assert.ok(a !== undefined && b !== undefined)
  await before.say({ id: "m1", channel: "general", files: [a] })
  before.hub.close()
  const after = open("after")
  await after.files()
  await settle()
  assert.deepEqual(await stages(after), ["b.txt ready"])
  assert.equal(parseInt(after.hub.notes.get("files:general"), 10), 1)
})

test("a file keeps its key for one content only: each time it is taken it has another", async () => {
  const open = browser()
  const first = open("a")
  const { attachments } = await first.files()
  attachments.pick("general", [picture()])
  const [before] = await attachments.take("general")
  first.hub.close()
  const again = open("bb")
  await again.files()
  await settle()
  const [after] = await (await again.files()).attachments.take("general")
  assert.equal(after?.id, before?.id)
  assert.notEqual(after?.key, before?.key)
})

test("who chooses the other size gets it, even while the first is being prepared", async () => {
  const prepared: boolean[] = []
  const page = browser()("a", ["a"], async (source, given) => {
    prepared.push(given.isOriginal)
    await settle()
    const made = await preparesAll(source, given)
    return { ...made, whole: new Blob([given.isOriginal ? "original" : "small"]) }
  })
  const { attachments } = await page.files()
  attachments.pick("general", [picture()])
  await settle()
  const id = attachments.store.get()["general"]?.[0]?.id ?? ""
  attachments.chooseOriginal("general", id, true)
  attachments.chooseOriginal("general", id, true)
  const [taken] = await attachments.take("general")
  assert.equal(await (await page.fileVault.piece(taken?.id ?? "", "whole"))?.text(), "original")
  assert.deepEqual(prepared, [false, true])
})

test("what was removed does not come back, whenever it was removed", async () => {
  const page = browser()("a")
  const { attachments } = await page.files()
  attachments.pick("general", [picture("1.png"), picture("2.png")])
  const ids = attachments.store.get()["general"]?.map(({ id }) => id) ?? []
  attachments.remove("general", ids[0] ?? "")
  await settle()
  attachments.remove("general", ids[1] ?? "")
  attachments.remove("general", "nobody's")
  await settle()
  assert.deepEqual([await stages(page), await page.fileVault.all()], [[], []])
  assert.equal(page.hub.notes.get("files:general"), "")
})

test("what is too large, cannot be read or has no room says so, stays out of the message, and may be removed", async () => {
  const full = memoryFileVault()
  const vault: FileVault = {
    ...full,
    keep: async (file, pieces) => {
      if (file.name === "no room.txt") throw new DOMException("", "QuotaExceededError")
      if (file.name === "gone.txt") throw new DOMException("", "NotReadableError")
      return full.keep(file, pieces)
    },
  }
  const page = browser(vault)("a", ["a"], async (source, given) => {
    if (given.name === "broken.txt") throw new DOMException("", "NotReadableError")
    const made = await preparesAll(source, given)
    return given.name === "large.png" && !given.isOriginal ? { ...made, whole: new Blob(["small"]) } : made
  })
  page.hub.changeRoom((room) => ({ ...room, limits: { ...room.limits, file_bytes: 10 } }))
  const { attachments } = await page.files()
  attachments.pick("general", [
    fileOf("large.txt", 11),
    fileOf("fits.txt", 10),
    fileOf("large.png", 40, "image/png"),
    fileOf("huge.png", 41, "image/png"),
    fileOf("no room.txt", 1),
    fileOf("gone.txt", 1),
    fileOf("broken.txt", 1),
  ])
  await settle()
  assert.deepEqual(await stages(page), [
    "large.txt failed too_large",
    "fits.txt ready",
    "large.png ready",
    "huge.png failed too_large",
    "no room.txt failed no_space",
    "gone.txt failed unreadable",
    "broken.txt failed unreadable",
  ])
  const ids = Object.fromEntries(attachments.store.get()["general"]?.map(({ name, id }) => [name, id]) ?? [])
  attachments.chooseOriginal("general", ids["large.png"] ?? "", true)
  await settle()
  assert.equal((await stages(page))[2], "large.png failed too_large")
  attachments.chooseOriginal("general", ids["large.png"] ?? "", false)
  await settle()
  assert.deepEqual(
    (await attachments.take("general")).map(({ name }) => name),
    ["fits.txt", "large.png"],
  )
  for (const id of Object.values(ids)) attachments.remove("general", id)
  await settle()
  assert.deepEqual([await stages(page), page.hub.notes.get("files:general")], [[], ""])
})

test("leaving the page loses something only while a file is not copied, or where nothing lasts", async () => {
  const lasting: FileVault = { ...memoryFileVault(), isLasting: () => true }
  for (const [vault, after] of [
    [lasting, false],
    [memoryFileVault(), true],
  ] as const) {
    const page = browser(vault)("a")
    const files = await page.files()
    assert.equal(files.mayLose(), false)
    files.attachments.pick("general", [picture()])
    assert.equal(files.mayLose(), true)
    await settle()
    assert.equal(files.mayLose(), after)
    await page.say({ id: "m1", channel: "general", files: await files.attachments.take("general") })
    assert.equal(files.mayLose(), after)
  }
})

test("of a channel that is gone nothing stays in the browser, what was still being copied included; other channels keep theirs", async () => {
  const fileVault = memoryFileVault()
  const page = browser(fileVault)("a")
  // as: the hub gives the same engine to the interface, which needs less of it.
  const engine = (await page.files()) as FilesEngine
  engine.attachments.pick("den", [picture("1.png")])
  engine.attachments.pick("general", [picture("2.png")])
  await settle()
  engine.attachments.pick("den", [picture("3.png")])
  engine.forget("den")
  assert.deepEqual(await stages(page, "den"), [])
  await settle()
  assert.deepEqual(
    (await fileVault.all()).map(({ channel, name }) => [channel, name]),
    [["general", "2.png"]],
  )
  assert.deepEqual([page.hub.notes.get("files:den"), await stages(page)], ["", ["2.png ready"]])
})
