import assert from "node:assert/strict"
import { test } from "node:test"
import { fileName, mediaType, personName, placeName, shownPart, topicOf } from "./naming.ts"

test("names of people lose what the room refuses, and nobody is without one", () => {
  for (const [given, name] of [
    ["Anna", "Anna"],
    ["  Anna \n Karenina ", "Anna Karenina"],
    ["@Anna", "Anna"],
    ["An\0na\u202E\u200B", "Anna"],
    ["Anna\uE000", "Anna"],
    ["Z\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "Z\u0301\u0301\u0301\u0301\u0301".normalize("NFC")],
    ["\u0301Anna", "Anna"],
    ["é".normalize("NFD"), "é"],
    ["x".repeat(41), "x".repeat(40)],
    ["", "U1"],
    ["\u200B\u2800", "U1"],
    ["@#", "U1"],
    ["half \uD83D", "half \uFFFD"],
  ] as const) {
    assert.equal(personName(given, "U1"), name, JSON.stringify(given))
  }
  assert.equal(personName("", "\u200B"), "?")
  assert.equal([...placeName("x".repeat(81), "C1")].length, 80)
})

test("topics and names of files stand on one line, in the order in which they are written", () => {
  assert.equal(topicOf(" what\nbreaks \u202E "), "what breaks")
  assert.equal([...topicOf("x".repeat(300))].length, 250)
  assert.equal(topicOf("\u200B"), "")
  assert.equal(fileName("a\0\u202Egnp.exe"), "agnp.exe")
  assert.equal(fileName(""), "file")
  assert.equal(fileName("x".repeat(300)).length, 255)
  assert.equal(shownPart("a\x1b[2Jb\u202E"), "a[2Jb")
})

test("media types are those that the room takes", () => {
  assert.equal(mediaType("Image/PNG"), "image/png")
  assert.equal(mediaType("text/plain; charset=utf-8"), "text/plain")
  for (const odd of ["", "png", "a/b/c", "image/", `a/${"b".repeat(99)}`, "text/pl ain"]) {
    assert.equal(mediaType(odd), "application/octet-stream", odd)
  }
})
