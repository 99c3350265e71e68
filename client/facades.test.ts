import assert from "node:assert/strict"
import { test } from "node:test"
import { fold, foldsOf } from "./facades.mjs"

const BUILD = new Map([
  [
    "out/chunk-A.js",
    "let e=1,t=2;export{e,t};\n/*! For license information please see /assets/chunk-A.js.LEGAL.txt */",
  ],
  [
    "out/Beside-B.js",
    'import{e as s,t}from"/assets/chunk-A.js";import"/assets/chunk-C.js";export{s as Beside,t as Tool};',
  ],
  ["out/chunk-C.js", 'let e=()=>import("/assets/Beside-B.js");export{e};'],
  ["out/later-D.js", 'import{e}from"/assets/chunk-A.js";import{e as t}from"/assets/chunk-C.js";export{e as A,t as C};'],
  ["out/Days-E.js", 'import{t as e}from"/assets/chunk-A.js";console.log(e);export{e as Days};'],
])

test("a chunk takes the name and the exports of the file that only passed them on", () => {
  const made = fold(BUILD, foldsOf(BUILD))
  assert.deepEqual(Object.fromEntries(made), {
    "out/Beside-B.js":
      "let e=1,t=2;export{e,t,e as Beside,t as Tool};\n/*! For license information please see /assets/chunk-A.js.LEGAL.txt */",
    "out/chunk-C.js": 'let e=()=>import("/assets/Beside-B.js");export{e};',
    "out/later-D.js":
      'import{e}from"/assets/Beside-B.js";import{e as t}from"/assets/chunk-C.js";export{e as A,t as C};',
    "out/Days-E.js": 'import{t as e}from"/assets/Beside-B.js";console.log(e);export{e as Days};',
  })
})

test("a chunk of two such files takes the first one's name, and a name that it uses itself stays where it is", () => {
  const second = 'import{t as e}from"/assets/chunk-A.js";export{e as More};'
  assert.deepEqual(
    foldsOf(new Map([...BUILD, ["out/more-F.js", second]])).map(({ door }) => door),
    ["out/Beside-B.js"],
  )
  const taken = new Map([
    ["out/chunk-A.js", "let e=1,t=2;export{e,t};"],
    ["out/Beside-B.js", 'import{e as s}from"/assets/chunk-A.js";export{s as t};'],
  ])
  assert.deepEqual(foldsOf(taken), [])
})
