import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import process from "node:process"
import { test } from "node:test"
import { type Block, type Inline, parseMarkdown } from "./markdown.ts"
import { mentionsIn, namesOf, withMentions } from "./mentions.ts"
import { membersLike, misnamedIn, placeOf } from "./misnamed.ts"

const vectors: { people: Record<string, string>; mentions: [string, string[]][] } = JSON.parse(
  readFileSync(new URL("../../tests/vectors/mentions.json", import.meta.url), "utf8"),
)
const PEOPLE = Object.entries(vectors.people).map(([id, name]) => ({ id, name }))

type Mention = Extract<Inline, { type: "mention" }>

const shownIn = (value: unknown): readonly Mention[] => {
  if (Array.isArray(value)) return value.flatMap(shownIn)
  if (typeof value !== "object" || value === null) return []
  // as: a node of the tree that says that it is one.
  if ("type" in value && value.type === "mention") return [value as Mention]
  return Object.values(value).flatMap(shownIn)
}

for (const [text, expected] of vectors.mentions) {
  test(`who is mentioned in ${JSON.stringify(text)}`, () => {
    const sent = mentionsIn(text, PEOPLE)
    assert.deepEqual(sent, expected)
    // What others are shown is made with the names of those whom the message mentions.
    const named = PEOPLE.filter(({ id }) => sent.includes(id))
    const shown = shownIn(withMentions(parseMarkdown(text), namesOf(named)))
    assert.deepEqual([...new Set(shown.map(({ member }) => member))], expected)
  })
}

test("what stands out is the mention, nothing of what is around it", () => {
  const names = namesOf(PEOPLE)
  const pieces = (text: string) => {
    const [block] = withMentions(parseMarkdown(text), names)
    return block !== undefined && "children" in block
      ? block.children.map((node: Block | Inline) => ("text" in node ? `${node.type} ${node.text}` : node.type))
      : []
  }
  assert.deepEqual(pieces("你好@小明，看"), ["text 你好", "mention @小明", "text ，看"])
  assert.deepEqual(pieces("@anna lena!"), ["mention @anna lena", "text !"])
  assert.deepEqual(pieces("@Anna@Борис"), ["mention @Anna", "mention @Борис"])
})

test("a message mentions no more members than the room takes", () => {
  const many = Array.from({ length: 60 }, (_, index) => ({ id: `${index}`, name: `Member ${index}.` }))
  assert.equal(mentionsIn(many.map(({ name }) => `@${name}`).join(" "), many).length, 50)
})

test("a beginning finds names, accents and letter case aside", () => {
  const found = (query: string) => membersLike(query, PEOPLE).map(({ id }) => id)
  assert.deepEqual(found("an"), ["anna", "annalena"])
  assert.deepEqual(found("petr"), ["petrova"])
  assert.deepEqual(found("zoe"), ["zoe"])
  assert.deepEqual(found("артем"), ["artem"])
  assert.deepEqual(found("明"), ["ming", "mingyue"])
  assert.deepEqual(found("anna l"), ["annalena"])
  assert.deepEqual(found("nna"), [])
})

test("a name that is nobody's, though it may mean somebody, is noticed", () => {
  const meant = (text: string) => misnamedIn(text, PEOPLE)?.meant.map(({ id }) => id)
  assert.deepEqual(meant("hi @Olga, there"), ["petrova"])
  assert.deepEqual(meant("@Артем!"), ["artem"])
  assert.deepEqual(meant("@Anna and @zoe"), ["zoe"])
  for (const text of ["@Anna", "@nobody", "`@Olga`", "x@Olga", "https://a.example/@Olga", "@Anna Lena", "@"]) {
    assert.equal(misnamedIn(text, PEOPLE), null, text)
  }
})

test("where it stands is found, unless it goes on", () => {
  assert.equal(placeOf("@Olga", "x@Olga @Olgas «@Olga»"), 15)
  assert.equal(placeOf("@Olga", "@Olgas"), null)
})

test("twice the text takes about twice the time", () => {
  const many = Array.from({ length: 500 }, (_, index) => ({ id: `${index}`, name: `a a a a a a a a a a ${index}` }))
  const names = namesOf(many)
  const cost = (text: string) => {
    const blocks = parseMarkdown(text)
    const before = process.cpuUsage()
    withMentions(blocks, names)
    return process.cpuUsage(before).user
  }
  for (const piece of ["@", "@a ", "@a a a a a a a a a a ", "@小", "@\u0301"]) {
    const [short, long] = [cost(piece.repeat(500)), cost(piece.repeat(2000))]
    assert.ok(long < 12 * short + 100_000, `${piece}: ${short} and ${long} microseconds`)
  }
})
