import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { fromBase64url } from "./encoding.ts"
import { asTyped, CODE_CHARACTERS, codeFrom, formatted, inGroupsOfFive, recoveryProof, troubleOf } from "./recovery.ts"
import { list, object, text } from "./shape.ts"

const vectors = list(object({ random: text, code: text, shown: text, typed: list(text), salt: text, proof: text }))(
  JSON.parse(readFileSync(new URL("../../tests/vectors/recovery_proof.json", import.meta.url), "utf8")),
  "vectors",
)

for (const { random, code, shown, typed, salt, proof } of vectors) {
  test(`${shown} is made of its random bytes, and proves itself as the contract says`, async () => {
    assert.equal(codeFrom(fromBase64url(random)), code)
    assert.equal(inGroupsOfFive(code), shown)
    assert.equal(await recoveryProof(code, salt, crypto.subtle), proof)
  })

  test(`${shown} is read however it is typed`, () => {
    for (const each of typed) assert.deepEqual([troubleOf(each), asTyped(each)], [null, code], each)
  })
}

test("every value of five bits has a character of its own, and the three bits above say nothing", () => {
  const all = Array.from({ length: 256 }, (_, byte) => codeFrom(Uint8Array.of(byte)))
  assert.equal(new Set(all).size, 32)
  for (const [byte, character] of all.entries()) assert.equal(character, all[byte & 31])
  assert.doesNotMatch(all.join(""), /[ILOU]/)
})

test("only so many bytes are taken, however many come", () => {
  assert.equal(codeFrom(new Uint8Array(64)).length, CODE_CHARACTERS)
})

const code = vectors[0]?.code ?? ""
for (const [typed, trouble] of [
  ["", "empty"],
  [" - - ", "empty"],
  [code.slice(1), "short"],
  [code, null],
  [`${code}0`, "long"],
  [code.replace("A", "U"), "letter_u"],
  [code.replace("A", "u"), "letter_u"],
  // Cyrillic letters that look like ours are nobody's guess: it is said that they are others.
  [code.replace("A", "А"), "character"],
  [code.replace("A", "Ж"), "character"],
  [code.replace("A", "😀"), "character"],
  [code.replace("A", "+"), "character"],
] as const) {
  test(`“${typed}”: ${trouble ?? "a code"}`, () => assert.equal(troubleOf(typed), trouble))
}

/** The field after somebody has done something in it: `|` is the caret. */
function field(before: string): string {
  const { text: after, caret } = formatted(before.replace("|", ""), before.indexOf("|"))
  return `${after.slice(0, caret)}|${after.slice(caret)}`
}

for (const [what, before, after] of [
  ["letters become capitals", "ab|", "AB|"],
  ["a dash comes with the first character after it", "abcdef|", "ABCDE-F|"],
  ["none stands at the end", "abcde|", "ABCDE|"],
  ["a typed one is none too many", "ABCDE-|", "ABCDE|"],
  ["what is put into the middle leaves the caret behind it", "ABx|CDE-FG", "ABX|CD-EFG"],
  ["what is taken out of the middle, too", "AB|DE-FGH", "AB|DEF-GH"],
  ["a deleted dash comes back, and the caret has passed it", "ABCDE|FGH", "ABCDE|-FGH"],
  ["a paste with spaces and line ends", "  abcde fghjk\nmnpqr stvwx\n|", "ABCDE-FGHJK-MNPQR-STVWX|"],
  ["what is read as a digit is shown as one", "o|il", "0|11"],
  ["what does not belong there stays in sight", "abu|", "ABU|"],
] as const) {
  test(`in the field: ${what}`, () => assert.equal(field(before), after))
}
