import assert from "node:assert/strict"
import { test } from "node:test"
import { GENERAL_CHANNEL, settle } from "../fakes.ts"
import type { Channel } from "../protocol.ts"
import { fakePage, fakeServer, takenFiles } from "./fakes.ts"

type Page = ReturnType<typeof fakePage>

const channels = (page: Page, ...ids: string[]) => {
  const all = ids.map((id): [string, Channel] => [id, { ...GENERAL_CHANNEL, id, name: id }])
  page.hub.changeRoom((room) => ({ ...room, channels: Object.fromEntries(all) }))
}
const live = (page: Page, status: "live" | "connecting") =>
  page.hub.store.update((state) => ({ ...state, connection: { status } }))

async function sendingToHolidays() {
  const server = fakeServer()
  server.hold()
  const page = fakePage(server)
  channels(page, "general", "holidays")
  live(page, "live")
  const files = await takenFiles(page, { "a.png": 30, "b.txt": 3 })
  await page.say({ id: "m1", channel: "holidays", body: "the holiday", files })
  await page.hub.outbox.resume()
  await settle()
  return { page, server, files }
}

test("with a deleted channel nothing is lost: what was being sent is in the composer of the general one", async () => {
  const { page, server, files } = await sendingToHolidays()
  page.hub.notes.set("draft:general", "typed before")
  channels(page, "general")
  page.clock.pass(1_000)
  await settle()
  assert.deepEqual(page.outgoing(), [])
  assert.equal(page.hub.notes.get("draft:general"), "typed before\nthe holiday")
  assert.deepEqual(
    page.hub.store.get().notices.map(({ code, name }) => [code, name]),
    [["rescued", "general"]],
  )
  const { attachments } = await page.files()
  const picked = attachments.store.get()["general"] ?? []
  assert.deepEqual(
    picked.map(({ name, stage, canBeOriginal }) => [name, stage, canBeOriginal]),
    [
      ["a.png", "ready", false],
      ["b.txt", "ready", false],
    ],
  )
  const again = await attachments.take("general")
  assert.equal(new Set([...again, ...files].map(({ id }) => id)).size, 4)
  assert.equal(new Set([...again, ...files].map(({ key }) => key)).size, 4)
  assert.equal((await page.fileVault.piece(again[0]?.id ?? "", "whole"))?.size, 30)
  assert.equal((await page.fileVault.all()).length, 2)
  assert.equal(server.asked.filter((asked) => asked.startsWith("DELETE")).length, 2)
})

test("while the room is not known, and without files, nothing is moved", async () => {
  const { page } = await sendingToHolidays()
  live(page, "connecting")
  channels(page, "general")
  page.clock.pass(1_000)
  await page.say({ id: "m2", channel: "holidays", body: "words" })
  await settle()
  assert.equal(page.outgoing().length, 2)
  live(page, "live")
  page.clock.pass(1_000)
  await settle()
  assert.deepEqual(
    page.outgoing().map(({ id }) => id),
    ["m2"],
  )
})
