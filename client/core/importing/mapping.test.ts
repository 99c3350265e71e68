import assert from "node:assert/strict"
import { test } from "node:test"
import { mapPeople, Unmappable } from "./mapping.ts"
import { fakeSource, here, member } from "./roomFakes.ts"
import { wishesIn } from "./wishes.ts"

const ANNA = member("anna-here", "Anna")
const BOT = member("bot", "Clara", { role: "bot" })
const map = (
  people: readonly (readonly [string, string])[],
  said = "",
  flavour: "own" | "slack" = "slack",
  parts = {},
) =>
  mapPeople(
    fakeSource({ people: people.map(([key, name]) => ({ key, name })), flavour }),
    here({ members: [ANNA, BOT], ...parts }),
    wishesIn(said).people,
    crypto.subtle,
  )

test("somebody with the name of one member is that member, everybody else a former one", async () => {
  const mapping = await map([
    ["U1", "ANNA"],
    ["U2", "Clara"],
  ])
  assert.deepEqual(
    mapping.all.map(({ key, id, shown, as }) => [key, as === "member" ? id : "", shown, as]),
    [
      ["U1", "anna-here", "Anna", "member"],
      ["U2", "", "Clara", "new"],
    ],
  )
  assert.match((await mapping.of("U2")).id, /^[\w-]{12}$/)
})

test("two people with one name are nobody's member by themselves", async () => {
  const mapping = await map([
    ["U1", "Anna"],
    ["U2", "anna"],
  ])
  assert.deepEqual(
    mapping.all.map(({ as }) => as),
    ["new", "new"],
  )
})

test("a former member has an id that a repeated import finds again, another one for each source", async () => {
  const first = await (await map([["U2", "Clara"]])).of("U2")
  const parts = { former_members: [member(first.id, "Clara B.")] }
  const second = await (await map([["U2", "Clara"]], "", "slack", parts)).of("U2")
  assert.deepEqual([second.id, second.as, second.shown], [first.id, "former", "Clara B."])
  assert.notEqual((await (await map([["U2", "Clara"]], "", "own")).of("U 2")).id, first.id)
})

test("an export of the same room finds its members by their ids, and keeps the ids of others", async () => {
  const mapping = await map(
    [
      ["anna-here", "Anna as she was called"],
      ["zoe", "Zoe"],
    ],
    "",
    "own",
  )
  assert.deepEqual(
    mapping.all.map(({ id, as }) => [id, as]),
    [
      ["anna-here", "member"],
      ["zoe", "new"],
    ],
  )
})

test("the operator's word counts, also that somebody is nobody here", async () => {
  const mapping = await map(
    [
      ["U1", "Annie"],
      ["U2", "Anna"],
    ],
    "annie = Anna\n\nAnna =",
  )
  assert.deepEqual(
    mapping.all.map(({ as }) => as),
    ["member", "new"],
  )
  const own = await map([["anna-here", "Anna"]], "Anna =", "own")
  assert.notEqual((await own.of("anna-here")).id, "anna-here")
})

test("a word about somebody who is not there is refused", async () => {
  await assert.rejects(map([["U1", "Anna"]], "Boris = Anna"), { name: "Unmappable", message: /in the file/ })
  await assert.rejects(map([["U1", "Anna"]], "Anna = Boris"), { name: "Unmappable", message: /member here/ })
})

test("whom no list knows becomes a former member under the key", async () => {
  const mapping = await map([])
  const found = await mapping.of("U404")
  assert.deepEqual([found.shown, found.as], ["U404", "new"])
  assert.equal(await mapping.of("U404"), found)
})

test("lines of the map are people and channels; what is neither is refused", () => {
  const { people, channels } = wishesIn("Anna Smith = Anna\n#Random = general\nBoris =\r\n")
  assert.deepEqual(
    [...people],
    [
      ["anna smith", "Anna"],
      ["boris", ""],
    ],
  )
  assert.deepEqual([...channels], [["random", "general"]])
  for (const wrong of ["Anna", "= Anna", "#plans ="]) {
    assert.throws(
      () => wishesIn(`A = B\n${wrong}`),
      (error) => error instanceof Unmappable && /Line 2/.test(error.message),
    )
  }
})
