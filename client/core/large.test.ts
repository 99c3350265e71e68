import assert from "node:assert/strict"
import { test } from "node:test"
import { isEmojiOnly } from "./large.ts"

const LARGE = [
  "👍",
  "🇩🇪",
  "🇩🇪🇫🇷",
  "1️⃣",
  "#️⃣",
  "👨‍👩‍👧",
  "👍🏽",
  "❤️",
  "☝🏽",
  "🏴‍☠️",
  "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
  "🤷‍♂",
  "🤷‍♀️",
  "🏳️‍🌈",
  "🎉 🎉",
  "🎉\n🎉",
  " 👍 ",
  "⭐",
  "👀👀👀",
]
const SMALL = [
  "100 👍",
  "#2987 🚀",
  "©",
  "®",
  "™",
  "1",
  "42",
  "#",
  "*",
  "👍 ok",
  "",
  " ",
  "❤",
  "☺",
  "→",
  "🇩",
  "1️",
  "\u200D",
  "\uFE0F",
  "🏽x",
  "ツ",
  "👍".repeat(13),
]

test("nothing but emoji is shown large, by what people see as one", () => {
  for (const text of LARGE) assert.ok(isEmojiOnly(text), text)
})

test("numbers, signs and texts with emoji are not", () => {
  for (const text of SMALL) assert.ok(!isEmojiOnly(text), text)
})
