import assert from "node:assert/strict"
import { test } from "node:test"
import { fakeClock, fakeTabs, memoryVault } from "./fakes.ts"
import { createOutbox } from "./outbox.ts"
import type { Outgoing, Vault } from "./ports.ts"

function tab(vault: Vault, own: string, open: readonly string[] = [own]) {
  const clock = fakeClock()
  const sent: string[] = []
  const frames: object[] = []
  const waiting: string[] = []
  const gone: (readonly [string, boolean])[] = []
  let shown: readonly Outgoing[] = []
  const outbox = createOutbox(
    vault,
    fakeTabs(own, open),
    clock,
    (frame) => sent.push(frame.body) && frames.push(frame),
    {
      onChange: (outgoing) => {
        shown = outgoing
      },
      onAccepted: () => undefined,
      onWaiting: ({ id }) => waiting.push(id),
      onGone: ({ id }, isSent) => gone.push([id, isSent]),
    },
  )
  const say = (body: string, more: Partial<Outgoing> = {}) =>
    outbox.add({ id: body, channel: "general", body, created_at: clock.now(), owner: own, failed: null, ...more })
  const accept = (ref: string) => outbox.settle({ type: "ack", ref, seq: 1, sent_at: 1, channel: null })
  const refuse = (ref: string, code: string, retry_after: number | null = null, detail = "") =>
    outbox.settle({ type: "error", ref, code, detail, retry_after })
  return { outbox, clock, sent, frames, waiting, gone, say, accept, refuse, shown: () => shown }
}

test("messages leave one after the other, in the order they were written", async () => {
  const { outbox, sent, say, accept } = tab(memoryVault(), "a")
  await outbox.resume()
  await say("one")
  await say("two")
  assert.deepEqual(sent, ["one"])
  accept("one")
  assert.deepEqual(sent, ["one", "two"])
})

test("what was written offline leaves when the line is back, and the vault is empty afterwards", async () => {
  const vault = memoryVault()
  const { outbox, sent, say, accept } = tab(vault, "a")
  await say("one")
  assert.deepEqual(sent, [])
  await outbox.resume()
  accept("one")
  assert.deepEqual(sent, ["one"])
  assert.deepEqual(await vault.outgoing(), [])
})

test("an unanswered message is repeated under the same id after the line broke", async () => {
  const { outbox, sent, say } = tab(memoryVault(), "a")
  await outbox.resume()
  await say("one")
  outbox.interrupt()
  await outbox.resume()
  assert.deepEqual(sent, ["one", "one"])
})

test("a page that was reloaded finds what it had not sent", async () => {
  const vault = memoryVault()
  await tab(vault, "before").say("one")
  const reloaded = tab(vault, "after", ["after"])
  await reloaded.outbox.resume()
  assert.deepEqual(reloaded.sent, ["one"])
  assert.deepEqual((await vault.outgoing())[0]?.owner, "after")
})

test("a tab leaves alone what another open tab is about to send", async () => {
  const vault = memoryVault()
  await tab(vault, "a").say("one")
  const other = tab(vault, "b", ["a", "b"])
  await other.outbox.resume()
  assert.deepEqual(other.sent, [])
})

test("of two tabs that find the same message only one sends it", async () => {
  const vault = memoryVault()
  await tab(vault, "gone").say("one")
  const first = tab(vault, "b", ["b", "c"])
  const second = tab(vault, "c", ["b", "c"])
  await Promise.all([first.outbox.resume(), second.outbox.resume()])
  assert.deepEqual([...first.sent, ...second.sent], ["one"])
})

test("rate_limited is waited out and the order kept", async () => {
  const { outbox, clock, sent, say, refuse, accept } = tab(memoryVault(), "a")
  await outbox.resume()
  await say("one")
  await say("two")
  refuse("one", "rate_limited", 3)
  clock.pass(2_999)
  assert.deepEqual(sent, ["one"])
  clock.pass(1)
  assert.deepEqual(sent, ["one", "one"])
  accept("one")
  assert.deepEqual(sent, ["one", "one", "two"])
})

test("a refused message stays with its reason, lets the next pass, and may be retried or discarded", async () => {
  const { outbox, sent, say, refuse, accept, shown } = tab(memoryVault(), "a")
  await outbox.resume()
  await say("one")
  await say("two")
  refuse("one", "archived")
  assert.equal(shown()[0]?.failed, "archived")
  accept("two")
  assert.deepEqual(sent, ["one", "two"])
  outbox.retry("one")
  assert.deepEqual(sent, ["one", "two", "one"])
  refuse("one", "archived")
  outbox.discard("one")
  assert.deepEqual(shown(), [])
})

test("a message seen in an event is stored, even if its acknowledgement was lost", async () => {
  const { outbox, sent, say, shown } = tab(memoryVault(), "a")
  await outbox.resume()
  await say("one")
  outbox.seen("one")
  outbox.interrupt()
  await outbox.resume()
  assert.deepEqual(sent, ["one"])
  assert.deepEqual(shown(), [])
})

const FILE = { id: "f", key: "k", name: "a.png", type: "image/png", size: 3 }
const WITH_FILE = { files: [{ ...FILE, done: [] }] }

test("a message waits for its files, later ones of its channel behind it, and other channels go on", async () => {
  const { outbox, sent, frames, waiting, say, accept } = tab(memoryVault(), "a")
  await outbox.resume()
  await say("picture", WITH_FILE)
  await say("words")
  await say("elsewhere", { channel: "other" })
  assert.deepEqual([sent, waiting.at(-1)], [["elsewhere"], "picture"])
  accept("elsewhere")
  outbox.amend("picture", { files: [{ ...FILE, done: ["0"] }] })
  assert.deepEqual(sent, ["elsewhere"])
  outbox.amend("picture", { uploaded: true })
  assert.deepEqual(sent, ["elsewhere", "picture"])
  assert.deepEqual(Object.entries(frames.at(-1) ?? {}).at(-1), ["files", [FILE]])
  accept("picture")
  assert.deepEqual(sent, ["elsewhere", "picture", "words"])
})

test("a reload knows which parts are there, and that nothing is missing", async () => {
  const vault = memoryVault()
  const before = tab(vault, "before")
  await before.outbox.resume()
  await before.say("picture", WITH_FILE)
  before.outbox.amend("picture", { files: [{ ...FILE, done: ["t", "0"] }] })
  const reloaded = tab(vault, "after", ["after"])
  await reloaded.outbox.resume()
  assert.deepEqual([reloaded.waiting, reloaded.shown()[0]?.files?.[0]?.done], [["picture"], ["t", "0"]])
  reloaded.outbox.amend("picture", { uploaded: true })
  const again = tab(vault, "again", ["again"])
  await again.outbox.resume()
  assert.deepEqual([again.waiting, again.sent], [[], ["picture"]])
})

test("a message whose files cannot be sent lets the next pass, and is tried again with the parts that are there", async () => {
  const { outbox, sent, waiting, say, shown } = tab(memoryVault(), "a")
  await outbox.resume()
  await say("picture", { files: [{ ...FILE, done: ["0"] }] })
  await say("words")
  outbox.amend("picture", { failed: "limit_reached" })
  assert.deepEqual(sent, ["words"])
  const asked = waiting.length
  outbox.retry("picture")
  outbox.interrupt()
  await outbox.resume()
  assert.ok(waiting.length > asked)
  assert.deepEqual(shown()[0]?.files?.[0]?.done, ["0"])
})

test("files that the server does not have after all are sent once more, and then the refusal stands", async () => {
  const { outbox, sent, waiting, say, refuse, shown } = tab(memoryVault(), "a")
  await outbox.resume()
  await say("picture", { files: [{ ...FILE, done: ["0"] }], uploaded: true })
  refuse("picture", "malformed", null, "files: one of them is not complete.")
  assert.deepEqual([waiting, shown()[0]?.failed, shown()[0]?.files?.[0]?.done], [["picture"], null, []])
  outbox.amend("picture", { uploaded: true })
  refuse("picture", "malformed", null, "files: one of them is not complete.")
  assert.deepEqual([sent, shown()[0]?.failed], [["picture", "picture"], "malformed"])
})

test("it is said what became of a message that has left", async () => {
  const { outbox, gone, say, accept } = tab(memoryVault(), "a")
  await outbox.resume()
  for (const body of ["accepted", "seen", "discarded"]) await say(body, { ...WITH_FILE, uploaded: true })
  accept("accepted")
  outbox.seen("seen")
  outbox.discard("discarded")
  outbox.discard("discarded")
  outbox.amend("discarded", { failed: "too late" })
  assert.deepEqual(gone, [
    ["accepted", true],
    ["seen", true],
    ["discarded", false],
  ])
})

test("what is for a channel that is gone is forgotten, by this tab and by those that are gone, and nothing else is", async () => {
  const vault = memoryVault()
  const former = tab(vault, "former", [])
  await former.say("left behind", { channel: "den" })
  await former.say("of another channel")
  const { outbox, sent, gone, say, shown } = tab(vault, "a", ["a"])
  await say("first", { channel: "den" })
  await say("second")
  outbox.wipe("den")
  await outbox.resume()
  await outbox.restore()
  assert.deepEqual(
    shown()
      .map(({ body }) => body)
      .toSorted(),
    ["of another channel", "second"],
  )
  assert.deepEqual((await vault.outgoing()).map(({ body }) => body).toSorted(), ["of another channel", "second"])
  assert.deepEqual(gone, [["first", false]])
  assert.ok(!sent.includes("left behind"))
})
