import assert from "node:assert/strict"
import { test } from "node:test"
import { sentName, withEnding } from "./naming.ts"

for (const [given, sent] of [
  ["IMG_0001.JPG", "IMG_0001.JPG"],
  ["../../etc/passwd", "passwd"],
  ["C:\\Users\\Anna\\photo.png", "photo.png"],
  ["holiday\u202Egnp.exe", "holidaygnp.exe"],
  ["two\nlines\u2028and\u0000more.txt", "twolinesandmore.txt"],
  ["  кот.jpeg ", "кот.jpeg"],
  ["cafe\u0301.png", "caf\u00e9.png"],
  [`z${"\u0301".repeat(9)}.png`, "\u017a\u0301\u0301\u0301.png"],
  ["\u0301lone.png", "lone.png"],
  ["", "file"],
  ["\u200f \u202e", "file"],
  ["..", ".."],
] as const) {
  test(`“${JSON.stringify(given)}” is sent as “${sent}”`, () => assert.equal(sentName(given), sent))
}

test("a long name keeps its ending, and no character is cut in two", () => {
  const name = sentName(`${"😀".repeat(300)}.jpeg`)
  assert.equal([...name].length, 255)
  assert.match(name, /^(?:😀)+\.jpeg$/u)
})

test("a picture that has become another kind is called so", () => {
  assert.equal(withEnding("IMG_1.HEIC", ".jpg"), "IMG_1.jpg")
  assert.equal(withEnding("drawing", ".webp"), "drawing.webp")
})
