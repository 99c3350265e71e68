import assert from "node:assert/strict"
import { test } from "node:test"
import { correction, generate } from "lean-qr/nano"
import { drawingOf, svgOf } from "./drawing.ts"

const LINK = "https://chat.example/join#main.AAECAwQFBgcICQoLDA0ODw"
const QUIET = 4

/** The squares that a drawing covers, as `x y`. */
function squaresOf(path: string): ReadonlySet<string> {
  const squares = new Set<string>()
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    for (let at = 0; at < Number(width); at++) {
      const square = `${Number(x) + at} ${y}`
      assert.ok(!squares.has(square), "no square is drawn twice")
      squares.add(square)
    }
  }
  return squares
}

test("every dark square is drawn, nothing else is, and the quiet zone stays empty", () => {
  const code = generate(LINK, { minCorrectionLevel: correction.M })
  const { size, path } = drawingOf(code)
  assert.equal(size, code.size + 2 * QUIET)
  const squares = squaresOf(path)
  assert.equal(path.replace(/M\d+ \d+h\d+v1h-\d+z/g, ""), "")
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      assert.equal(squares.has(`${x} ${y}`), Boolean(code.get(x - QUIET, y - QUIET)), `${x} ${y}`)
    }
  }
})

test("three corners have the marks by which cameras find the code", () => {
  const { size, path } = drawingOf(generate(LINK))
  const squares = squaresOf(path)
  const mark = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]
  const far = size - QUIET - 7
  for (const [left, top] of [
    [QUIET, QUIET],
    [far, QUIET],
    [QUIET, far],
  ] as const) {
    const seen = mark.map((row, y) => [...row].map((_, x) => (squares.has(`${left + x} ${top + y}`) ? 1 : 0)).join(""))
    assert.deepEqual(seen, mark)
  }
})

test("the file to print is white behind dark squares, and says how large it is", () => {
  const drawing = drawingOf(generate(LINK))
  const file = svgOf(drawing)
  assert.match(file, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*width="12cm" height="12cm">/)
  assert.ok(file.indexOf('fill="#fff"') < file.indexOf(drawing.path))
})
