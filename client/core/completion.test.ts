import assert from "node:assert/strict"
import { test } from "node:test"
import { completed, emojiCodeBefore, smileyBefore, triggerAt } from "./completion.ts"

const at = (text: string) => triggerAt(text, text.length)

test("a mention begins with @ at the start of a word", () => {
  assert.deepEqual(triggerAt("hi @an", 6), { kind: "mention", query: "an", start: 3 })
  assert.equal(triggerAt("mail@an", 7), null)
  assert.deepEqual(triggerAt("@", 1), { kind: "mention", query: "", start: 0 })
})

for (const text of [
  "«@an",
  "“@an",
  "‘@an",
  "(@an",
  "/@an",
  "—@an",
  "你好@an",
  "さん@an",
  "안녕@an",
  "สวัสดี@an",
  "，@an",
  "＠an",
  "*@an",
  "👍@an",
]) {
  test(`a mention may begin in ${text}`, () => {
    assert.deepEqual(at(text), { kind: "mention", query: "an", start: text.length - 3 })
  })
}

for (const text of [
  "anna@an",
  "анна@an",
  "https://medium.com/@an",
  "medium.com/@an",
  "https://user@an",
  "`@an",
  "so `a` and `@an",
  "```\n@an",
  "```py\nx\n  @an",
  "> ```\n> @an",
  "@an\n",
]) {
  test(`no mention begins in ${JSON.stringify(text)}`, () => {
    assert.equal(at(text), null)
  })
}

test("behind code a mention may begin again", () => {
  assert.deepEqual(at("`a` @an"), { kind: "mention", query: "an", start: 4 })
  assert.deepEqual(at("```\na\n```\n@an"), { kind: "mention", query: "an", start: 10 })
})

test("a command begins a message, and nothing else", () => {
  assert.deepEqual(at("/"), { kind: "command", query: "", start: 0 })
  assert.deepEqual(at("/de"), { kind: "command", query: "de", start: 0 })
  assert.deepEqual(triggerAt("/развёрни сейчас", 4), { kind: "command", query: "раз", start: 0 })
  for (const text of ["x /de", " /de", "\n/de", "//", "/de ", "/usr/bin", `/${"d".repeat(33)}`])
    assert.equal(at(text), null)
  assert.deepEqual(at("/@an"), { kind: "mention", query: "an", start: 1 })
})

test("a name may have spaces", () => {
  assert.deepEqual(at("hi @boris pe"), { kind: "mention", query: "boris pe", start: 3 })
})

test("an emoji's name begins with : and two letters", () => {
  assert.deepEqual(triggerAt("so :smi", 7), { kind: "emoji", query: "smi", start: 3 })
  assert.deepEqual(at("好:smi"), { kind: "emoji", query: "smi", start: 1 })
  for (const text of ["at 10:30", "so :s", "note:smi", "https://smi", "std::vector", "`:smi"])
    assert.equal(at(text), null, text)
})

test("a smiley is not the name of an emoji", () => {
  assert.equal(triggerAt("haha :-D", 8), null)
  assert.equal(triggerAt("so :-3", 6), null)
  assert.deepEqual(triggerAt("no :-1", 6), { kind: "emoji", query: "-1", start: 3 })
})

const take = (text: string, caret: number, by: string) => {
  const trigger = triggerAt(text, caret)
  assert.ok(trigger)
  const { start, end, by: put } = completed(text, caret, trigger, by)
  return `${text.slice(0, start)}${put}|${text.slice(end)}`
}

test("completing replaces what was typed and leaves one space, or none before a sign", () => {
  assert.equal(take("hi @an there", 6, "@Anna"), "hi @Anna |there")
  assert.equal(take("hi @an", 6, "@Anna"), "hi @Anna |")
  assert.equal(take("hi @an, there", 6, "@Anna"), "hi @Anna|, there")
  assert.equal(take("(@an)", 4, "@Anna"), "(@Anna|)")
  assert.equal(take("你好@an。", 5, "@小明"), "你好@小明|。")
  assert.equal(take("@an\nthere", 3, "@Anna"), "@Anna|\nthere")
})

test("a shortcode is finished by its second colon", () => {
  assert.deepEqual(emojiCodeBefore("so :tada:", 9), { start: 3, code: ":tada:" })
  assert.deepEqual(emojiCodeBefore(":+1:", 4), { start: 0, code: ":+1:" })
  for (const text of ["10:30:", "a:b:", "std::", "`:tada:", "```\n:tada:", "https:", "::"]) {
    assert.equal(emojiCodeBefore(text, text.length), null, text)
  }
})

test("a smiley is finished by the space behind it", () => {
  assert.deepEqual(smileyBefore("ok :) ", 6), { start: 3, end: 6, by: "🙂 " })
  assert.deepEqual(smileyBefore(":-D\n", 4), { start: 0, end: 4, by: "😄\n" })
  assert.deepEqual(smileyBefore("<3 you", 3), { start: 0, end: 3, by: "❤️ " })
  for (const text of ["(see:) ", "f(x:) ", ":)) ", "`:) ", "```\n:) ", "a:) ", "http:/ ", "$:D "]) {
    assert.equal(smileyBefore(text, text.length), null, text)
  }
})

test("a tick behind a letter is an apostrophe, and what follows it no code", () => {
  for (const before of ["don`t ", "об`єкт ", "5` ", "the `foo` "]) {
    assert.equal(triggerAt(`${before}@an`, before.length + 3)?.kind, "mention", before)
    assert.equal(triggerAt(`${before}:ta`, before.length + 3)?.kind, "emoji", before)
  }
  for (const before of ["`", "``a` ", "don`t `x "])
    assert.equal(triggerAt(`${before}@an`, before.length + 3), null, before)
})
