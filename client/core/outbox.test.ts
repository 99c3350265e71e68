import assert from "node:assert/strict"
import { test } from "node:test"
import { fakeClock, fakeTabs, memoryVault } from "./fakes.ts"
import { createOutbox } from "./outbox.ts"
import type { Outgoing, Vault } from "./ports.ts"

function tab(vault: Vault, own: string, open: readonly string[] = [own]) {
  const clock = fakeClock()
  const sent: string[] = []
  let shown: readonly Outgoing[] = []
  const outbox = createOutbox(vault, fakeTabs(own, open), clock, ({ body }) => sent.push(body), {
    onChange: (outgoing) => {
      shown = outgoing
    },
    onAccepted: () => undefined,
  })
  const say = (body: string) =>
    outbox.add({ id: body, channel: "general", body, created_at: clock.now(), owner: own, failed: null })
  const accept = (ref: string) => outbox.settle({ type: "ack", ref, seq: 1, sent_at: 1, channel: null })
  const refuse = (ref: string, code: string, retry_after: number | null = null) =>
    outbox.settle({ type: "error", ref, code, detail: "", retry_after })
  return { outbox, clock, sent, say, accept, refuse, shown: () => shown }
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
