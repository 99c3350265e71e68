import assert from "node:assert/strict"
import { test } from "node:test"
import { inTwo, savedName, shownName } from "./names.ts"

test("a name is shown on one line and in its own order", () => {
  assert.equal(shownName("report.pdf"), "report.pdf")
  assert.equal(shownName("photo\u202Egnp.exe"), "photognp.exe")
  assert.equal(shownName("\u2067a\u2069\u200F\u061Cb\u200B.txt"), "ab.txt")
  assert.equal(shownName("a\u2028b\u0000c\nd.txt"), "abcd.txt")
  assert.equal(shownName("  two   words .txt "), "two words .txt")
  assert.equal(shownName("\u202E\u200B"), "")
})

test("emoji and words of any script stay whole in a name", () => {
  const whole = ["👩🏽‍🚒.png", "🏴󠁧󠁢󠁥󠁮󠁧󠁿.png", "отчёт за май.pdf", "می‌خواهم.pdf", "見積書.xlsx"]
  assert.deepEqual(whole.map(shownName), whole)
})

test("a name that is saved leads into no other folder", () => {
  const names = ["../../etc/passwd", "..\\..\\x.exe", "/etc/passwd", "C:\\x.exe", "a/../b", "file:///x", ".."]
  for (const name of names) assert.doesNotMatch(savedName(name, "file"), /[/\\:]|^\./, name)
  assert.equal(savedName("../../etc/passwd", "file"), "_.._etc_passwd")
  assert.equal(savedName("..", "file"), "file")
})

test("a name that is saved is neither hidden nor a device nor empty", () => {
  assert.equal(savedName(".bashrc", "file"), "bashrc")
  assert.equal(savedName("notes. ", "file"), "notes")
  assert.equal(savedName("nul.txt", "file"), "_nul.txt")
  assert.equal(savedName("COM1", "file"), "_COM1")
  assert.equal(savedName("console.txt", "file"), "console.txt")
  assert.equal(savedName("\u202E", "file"), "file")
  assert.equal(savedName('a<b>"c"|d?.txt', "file"), "a_b__c__d_.txt")
})

test("a long name keeps its ending, and no letter is cut in two", () => {
  const saved = savedName(`${"😀".repeat(300)}.jpeg`, "file")
  assert.equal([...saved].length, 120)
  assert.ok(saved.endsWith("😀.jpeg"))
})

test("the ending of a name is known", () => {
  assert.deepEqual(inTwo("a.b.tar.gz"), ["a.b.tar", ".gz"])
  assert.deepEqual(inTwo("README"), ["README", ""])
  assert.deepEqual(inTwo("v1. final version"), ["v1. final version", ""])
})
