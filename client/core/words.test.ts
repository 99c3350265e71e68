import assert from "node:assert/strict"
import { test } from "node:test"
import { complete, countCharacters, mentionSpans, mentionsIn, triggerAt } from "./words.ts"

const PEOPLE = [
  { id: "a", name: "Anna" },
  { id: "al", name: "Anna Lena" },
  { id: "b", name: "Борис" },
]

test("a mention begins with @ at the start of a word", () => {
  assert.deepEqual(triggerAt("hi @an", 6), { kind: "mention", query: "an", start: 3 })
  assert.equal(triggerAt("mail@an", 7), null)
  assert.deepEqual(triggerAt("@", 1), { kind: "mention", query: "", start: 0 })
})

test("an emoji's name begins with : and two letters", () => {
  assert.deepEqual(triggerAt("so :smi", 7), { kind: "emoji", query: "smi", start: 3 })
  assert.equal(triggerAt("at 10:30", 8), null)
  assert.equal(triggerAt("so :s", 5), null)
})

test("a smiley is not the name of an emoji", () => {
  assert.equal(triggerAt("haha :-D", 8), null)
  assert.equal(triggerAt("so :-3", 6), null)
  assert.deepEqual(triggerAt("no :-1", 6), { kind: "emoji", query: "-1", start: 3 })
})

test("completing replaces the trigger and leaves one space", () => {
  const text = "hi @an there"
  const trigger = triggerAt(text, 6)
  assert.ok(trigger)
  assert.deepEqual(complete(text, 6, trigger, "@Anna"), { text: "hi @Anna there", caret: 9 })
})

test("the longest name counts, in any letter case, and not inside another word", () => {
  assert.deepEqual(mentionsIn("@anna lena and @Борис, not x@anna", PEOPLE), ["al", "b"])
  assert.deepEqual(mentionsIn("@Annabel", PEOPLE), [])
  assert.deepEqual(mentionSpans("(@Anna)", PEOPLE), [{ start: 1, end: 6, id: "a" }])
})

test("characters are counted as the server counts them", () => {
  assert.equal(countCharacters("a👍é"), 3)
})
