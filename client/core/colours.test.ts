import assert from "node:assert/strict"
import { test } from "node:test"
import { COLOURS, colourOf, memberNamed } from "./colours.ts"

const memberOf = (name: string, hue: number) =>
  ({ id: `id of ${name}`, name, role: "member", hue, online: true, secured: false }) as const
const colourIn = (members: Parameters<typeof memberNamed>[0], name: string) =>
  colourOf(memberNamed(members, name), name)

test("a member has the colour that the server gave", () => {
  const members = { a: memberOf("Anna", 4), b: memberOf("Boris", 11) }
  assert.equal(colourIn(members, "Anna"), 4)
  assert.equal(colourIn(members, "Boris"), 11)
  const { b: _, ...without } = members
  assert.equal(colourIn(without, "Anna"), 4, "who goes changes nobody's")
})

test("a name that is nobody's any more has one of them, always the same", () => {
  for (const name of ["Gone", "Ушёл", "🦀"]) {
    const colour = colourIn({}, name)
    assert.ok(Number.isInteger(colour) && colour >= 0 && colour < COLOURS)
    assert.equal(colourIn({ a: memberOf("Anna", 1) }, name), colour)
  }
})

test("a hue of a later version is one of ours", () => {
  assert.equal(colourIn({ a: memberOf("Anna", 13) }, "Anna"), 1)
})
