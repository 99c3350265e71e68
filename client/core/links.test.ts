import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import process from "node:process"
import { test } from "node:test"
import { findLinks, hostBeside, linkAt } from "./links.ts"
import { parseMarkdown } from "./markdown.ts"

/** `links`: a text, then each address in it as it is shown and where it leads, one after another. */
const vectors: {
  links: [string, string[]][]
  beside: [string, string, string | null][]
} = JSON.parse(readFileSync(new URL("../../tests/vectors/links.json", import.meta.url), "utf8"))

for (const [text, expected] of vectors.links) {
  test(`the addresses in ${JSON.stringify(text)}`, () => {
    const found = findLinks(text).flatMap(({ start, end, href }) => [text.slice(start, end), href])
    assert.deepEqual(found, expected)
  })
}

for (const [href, shown, host] of vectors.beside) {
  test(`${JSON.stringify(shown)} that leads to ${href} shows ${host === null ? "no host" : host}`, () => {
    assert.equal(hostBeside(href, shown), host)
  })
}

const linksIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(linksIn)
  if (typeof value !== "object" || value === null) return []
  return "href" in value ? [String(value.href)] : Object.values(value).flatMap(linksIn)
}

test("a message has the same addresses", () => {
  // Where a sign means something else in a message as well, it does so there.
  for (const [text, expected] of vectors.links.filter(([text]) => !/[<`*|\\\u202e]/.test(text))) {
    assert.deepEqual(
      linksIn(parseMarkdown(text)),
      expected.filter((_, index) => index % 2 === 1),
      text,
    )
  }
})

test("an address begins where it is asked for, or not at all", () => {
  assert.equal(linkAt("see https://example.com", 3), null)
  assert.deepEqual(linkAt("see https://example.com", 4), { start: 4, end: 23, href: "https://example.com/" })
})

test("twice the text takes about twice the time", () => {
  const cost = (text: string) => {
    const before = process.cpuUsage()
    findLinks(text)
    return process.cpuUsage(before).user
  }
  for (const piece of ["https://a.example/(", "a.", "a@", "https://", "www.a-", "a_b.c@d.", "https://a.b/a谢"]) {
    cost(piece.repeat(1000))
    const [short, long] = [cost(piece.repeat(1000)), cost(piece.repeat(4000))]
    assert.ok(long < 12 * short + 100_000, `${piece}: ${short} and ${long} microseconds`)
  }
})
