import assert from "node:assert/strict"
import { test } from "node:test"
import { underOwnNames } from "./minify.mjs"

test("what one script takes of a chunk goes by the name that it has there", () => {
  const made = underOwnNames(
    new Map([
      ["out/chunk-A.js", "let e=1,t=2;export{e as a,t as b,$ as c};"],
      [
        "out/chunk-B.js",
        'import{a as t,b as e}from"/assets/chunk-A.js";import"/assets/chunk-A.js";console.log(t,e);export{t as a};',
      ],
      [
        "out/main-C.js",
        'import{a as e}from"/assets/chunk-A.js";import{a as t,Beside as n}from"/assets/Beside-D.js";export{e as Chat};',
      ],
      ["out/Beside-D.js", "let e=1;export{e as Beside};"],
    ]),
  )
  assert.deepEqual(Object.fromEntries(made), {
    "out/chunk-A.js": "let e=1,t=2;export{e,t,$};",
    "out/chunk-B.js":
      'import{e as t,t as e}from"/assets/chunk-A.js";import"/assets/chunk-A.js";console.log(t,e);export{t};',
    "out/main-C.js":
      'import{e}from"/assets/chunk-A.js";import{a as t,Beside as n}from"/assets/Beside-D.js";export{e as Chat};',
    "out/Beside-D.js": "let e=1;export{e as Beside};",
  })
})
