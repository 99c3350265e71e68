import assert from "node:assert/strict"
import { test } from "node:test"
import { COLOURS, colourIn } from "./colours.ts"

const NAMES = ["Anna", "Boris", "Chiara", "David", "Elif", "Farid", "Grace", "Hiro", "Ines", "Jonas", "Kofi", "Lena"]

const membersOf = (names: readonly string[]) =>
  Object.fromEntries(
    names.map((name) => [
      `id of ${name}`,
      { id: `id of ${name}`, name, role: "member", online: true, secured: false } as const,
    ]),
  )

test("no two of the first twelve members have one colour", () => {
  const members = membersOf(NAMES)
  assert.equal(new Set(NAMES.map((name) => colourIn(members, name))).size, COLOURS)
})

test("who joins takes nobody's colour, and who comes and goes changes none", () => {
  const before = membersOf(NAMES.slice(0, 5))
  const after = Object.fromEntries(
    Object.entries(membersOf(NAMES)).map(([id, member]) => [id, { ...member, online: false }]),
  )
  for (const name of NAMES.slice(0, 5)) assert.equal(colourIn(after, name), colourIn(before, name))
})

test("more members than colours share them, and former members have one", () => {
  const many = Array.from({ length: 40 }, (_, index) => `Member ${index}`)
  for (const name of [...many, "Gone"]) {
    const colour = colourIn(membersOf(many), name)
    assert.ok(colour >= 0 && colour < COLOURS)
  }
})
