import assert from "node:assert/strict"
import { createHash } from "node:crypto"
import { test } from "node:test"
import { type FileInfo, NotFetched } from "../files/types.ts"
import { Refused } from "../requests.ts"
import { fakeSource, VECTORS, wanted, watch } from "./fakes.ts"
import { manifest as manifestShape } from "./records.ts"
import type { Source } from "./source.ts"
import { partsOf, type Wanted } from "./writer.ts"

/** Everything of an export, part by part. */
async function written(source: Source = fakeSource(), wants: Partial<Wanted> = {}) {
  const watching = watch()
  const parts = new Map<string, Uint8Array>()
  for await (const { name, chunks } of partsOf(source, wanted(wants), watching)) {
    assert.equal(parts.has(name), false, name)
    const all: Uint8Array[] = []
    for await (const chunk of chunks) all.push(chunk)
    parts.set(name, Buffer.concat(all))
  }
  const text = (name: string) => new TextDecoder().decode(parts.get(name))
  const manifest = manifestShape(JSON.parse(text("manifest.json")), "manifest")
  return { names: [...parts.keys()], text, parts, manifest, told: watching.told }
}

/** An export's parts that do not depend on the words and the code of its page. */
const LASTING = /^(members|channels|messages)/

test("the room of the vectors becomes what the vectors say", async () => {
  const { names, text, manifest } = await written()
  const lasting = Object.fromEntries(names.filter((name) => LASTING.test(name)).map((name) => [name, text(name)]))
  const { parts, ...facts } = manifest
  assert.deepEqual({ parts: lasting, manifest: facts }, { parts: VECTORS.parts, manifest: VECTORS.manifest })
  assert.deepEqual(Object.keys(lasting), Object.keys(VECTORS.parts))
})

test("the manifest comes last and has length and SHA-256 of every other part", async () => {
  const { names, parts, manifest } = await written()
  assert.equal(names.at(-1), "manifest.json")
  assert.deepEqual(
    manifest.parts,
    names.slice(0, -1).map((name) => ({
      name,
      bytes: parts.get(name)?.length,
      sha256: createHash("sha256")
        .update(parts.get(name) ?? "")
        .digest("hex"),
    })),
  )
})

test("the same room gives the same bytes", async () => {
  const [first, second] = [await written(), await written()]
  for (const name of first.names) assert.deepEqual(first.parts.get(name), second.parts.get(name), name)
})

test("only open channels hold nothing of the others, and their files are not asked for", async () => {
  const { names, parts, manifest } = await written(fakeSource(), { scope: "open" })
  const all = Buffer.concat([...parts.values()]).toString()
  assert.deepEqual(
    names.filter((name) => name.startsWith("messages/")),
    ["messages/77777777-7777-4777-8777-777777777777.jsonl", "messages/general.jsonl"],
  )
  for (const secret of ["55555555-5555", "66666666-6666", "only for us", "den"])
    assert.equal(all.includes(secret), false)
  assert.deepEqual([manifest.scope, manifest.counts.channels], ["open", 2])
})

test("keys of files go nowhere", async () => {
  const { parts } = await written()
  const all = Buffer.concat([...parts.values()]).toString()
  assert.equal(all.includes("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"), false)
})

test("files may be left out: they are named, and not fetched", async () => {
  const fetched: string[] = []
  const source = fakeSource({
    chunks: async function* ({ id }: FileInfo) {
      fetched.push(id)
      yield []
    },
  })
  const { names, manifest } = await written(source, { files: false })
  assert.deepEqual([fetched, names.filter((name) => name.startsWith("files/"))], [[], []])
  assert.equal(manifest.files, "left_out")
})

test("what is said meanwhile belongs to the next export, and a channel that goes ends where it is", async () => {
  const source = fakeSource()
  const { ask } = source
  const going: Source["ask"] = async (request) => {
    if ("after" in request && request.after === 4) throw new Refused("not_found")
    return ask(request)
  }
  assert.doesNotMatch((await written()).text("messages/general.jsonl"), /while the export/)
  const { text, manifest } = await written(fakeSource({ ask: going }))
  assert.equal(text("messages/general.jsonl").split("\n").length, 4)
  assert.deepEqual(manifest.channels.find(({ id }) => id === "general")?.messages, 2)
})

test("another refusal ends the export", async () => {
  const ask = () => Promise.reject(new Refused("internal"))
  await assert.rejects(written(fakeSource({ ask })), { name: "Refused", message: "internal" })
})

test("a file that breaks goes on where it was", async () => {
  let times = 0
  const source = fakeSource()
  const { chunks } = source
  const { text, manifest } = await written(
    fakeSource({
      chunks: async function* (file, signal) {
        for await (const [first, second] of chunks(file, signal)) {
          if (first !== undefined) yield [first]
          if (times++ === 0) throw new NotFetched("unreachable")
          if (second !== undefined) yield [second]
        }
      },
    }),
  )
  assert.equal(text("files/AAECAwQFBgcICQoLDA0ODw"), "hello")
  assert.deepEqual(manifest.missing_files, [])
})

for (const code of ["gone", "damaged", "unreachable"] as const) {
  test(`a file that is ${code} is named, and what came of it is no part`, async () => {
    const source = fakeSource()
    const { chunks } = source
    const { manifest, text } = await written(
      fakeSource({
        chunks: async function* (file, signal) {
          for await (const together of chunks(file, signal)) {
            yield together.slice(0, 1)
            if (file.name === "notes.txt") throw new NotFetched(code)
            yield together.slice(1)
          }
        },
      }),
    )
    assert.deepEqual(manifest.missing_files, [{ id: "AAECAwQFBgcICQoLDA0ODw", reason: code }])
    assert.deepEqual([manifest.counts.files, manifest.parts.some(({ name }) => name.endsWith("ODw"))], [1, true])
    assert.equal(
      manifest.parts.some(({ name }) => name === "files/AAECAwQFBgcICQoLDA0ODw"),
      false,
    )
    assert.match(text("README.txt"), /export\.gap\.files 1/)
  })
}

test("without any way to the files the export ends", async () => {
  const many = Array.from({ length: 3 }, (_, index) => ({ id: `f${index}`, key: "", name: "", type: "", size: 1 }))
  const source = fakeSource()
  const ask: Source["ask"] = async (request) => {
    const page = await source.ask(request)
    if (page.type !== "history") return page
    const messages = page.messages.map((each) => (each.state === "said" ? { ...each, files: many } : each))
    return { ...page, messages }
  }
  const dead = async function* (): AsyncGenerator<readonly ArrayBuffer[], void> {
    yield await Promise.reject(new NotFetched("unreachable"))
  }
  await assert.rejects(written(fakeSource({ ask, chunks: dead })), { name: "NotFetched" })
})

test("whoever cancels is heard at the next page", async () => {
  const watching = watch()
  const parts = partsOf(fakeSource(), wanted(), watching)
  const reading = (async () => {
    for await (const { chunks } of parts) for await (const _ of chunks) watching.stop.abort(new Error("enough"))
  })()
  await assert.rejects(reading, { message: "enough" })
})

test("it is said how far the export is", async () => {
  const { told } = await written()
  assert.deepEqual(told[0], { channel: "#alerts", messages: 1, files: null, missing: 0 })
  assert.deepEqual(told.at(-1), {
    channel: "",
    messages: 9,
    files: { done: 2, of: 2, bytes: 9, ofBytes: 9 },
    missing: 0,
  })
  assert.equal(
    told.some(({ channel }) => channel === "Anna, Boris"),
    true,
  )
})

test("the page holds nothing that could run, and every message", async () => {
  const { text } = await written()
  const page = text("archive.html")
  assert.equal(page.match(/<script/g)?.length, page.match(/<\/script>/g)?.length)
  assert.doesNotMatch(page, /<script>alert/)
  assert.match(page, /\\u003c\/script>\\u003cscript>alert\(1\)/)
  const blocks = [...page.matchAll(/<script type="application\/json" data-block="m\d+">\n([^<]*)<\/script>/g)]
  const lines = blocks.map(([, lines = ""]) => lines.replaceAll("\\u003c", "<")).join("")
  assert.equal(
    lines,
    Object.keys(VECTORS.parts)
      .filter((name) => /^messages/.test(name))
      .map((name) => text(name))
      .join(""),
  )
  assert.match(page, /<title>archive\.title Our room<\/title>/)
})

test("what was brought from elsewhere says so, and nothing else does", async () => {
  const source = fakeSource()
  const ask: Source["ask"] = async (request) => {
    const page = await source.ask(request)
    if (page.type !== "history") return page
    const messages = page.messages.map((each) => (each.id.endsWith("1") ? { ...each, imported_at: 7 } : each))
    return { ...page, messages }
  }
  const [first, second] = (await written(fakeSource({ ask }))).text("messages/general.jsonl").split("\n")
  assert.match(first ?? "", /,"imported_at":7\}$/)
  assert.doesNotMatch(second ?? "", /imported/)
})

test("gaps are named where somebody reads first", async () => {
  const { text } = await written()
  assert.match(text("README.txt"), /- export\.gap\.retention #alerts 30\n/)
  assert.match(text("README.txt"), /- export\.gap\.late den\n/)
  assert.doesNotMatch(text("README.txt"), /retention den/)
})
