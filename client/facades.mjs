/**
 * Takes the doors out of a build. Where a file of the build is imported by others too, esbuild puts what is in it into a
 * chunk, and leaves a file that only passes on what the chunk exports: a request, and a way to the server and back, for
 * nothing. Here the chunk takes the name and the exports of that file.
 */
import { readFile, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { EXPORTS, pairs } from "./minify.mjs"

/** @typedef {import("esbuild").Metafile["outputs"]} Outputs */

const IMPORT = /import(?:\{([^{}]*)\}from)?"([^"]+)";/g
const DOOR = /^(?:import(?:\{[^{}]*\}from)?"[^"]+";)+export\{([^{}]*)\};$/

/**
 * @param {string} root where the names of the outputs begin
 * @param {Outputs} outputs
 * @returns {Promise<Outputs>} as they are afterwards
 */
export async function foldFacades(root, outputs) {
  const files = Object.keys(outputs).filter((file) => file.endsWith(".js"))
  const scripts = new Map()
  for (const file of files) scripts.set(file, await readFile(path.join(root, file), "utf8"))
  const folds = foldsOf(scripts)
  const folded = fold(scripts, folds)
  for (const { chunk } of folds) await rm(path.join(root, chunk))
  for (const [file, code] of folded) if (code !== scripts.get(file)) await writeFile(path.join(root, file), code)
  return renamed(outputs, folds)
}

/** @typedef {{ readonly door: string, readonly chunk: string, readonly exports: string }} Fold */

/**
 * Which files can go. What else such a file names is there before it (order.mjs); what the chunk uses it imports itself.
 *
 * @param {ReadonlyMap<string, string>} scripts by file
 * @returns {Fold[]}
 */
export function foldsOf(scripts) {
  /** @type {Map<string, Fold>} by the chunk: the name of a second door would have to be a second file */
  const folds = new Map()
  for (const [door, code] of scripts) {
    const [, exported] = DOOR.exec(code) ?? []
    const sources = [...code.matchAll(IMPORT)].filter(([, names]) => names !== undefined)
    if (exported === undefined || sources.length !== 1) continue
    const [, names = "", address = ""] = sources[0] ?? []
    const chunk = path.join(path.dirname(door), path.basename(address))
    if (!path.basename(chunk).startsWith("chunk-") || folds.has(chunk)) continue
    const there = new Map(pairs(names).map(([long, here]) => [here, long]))
    const own = new Map(pairs(EXPORTS.exec(scripts.get(chunk) ?? "")?.[1] ?? "").map(([local, name]) => [name, local]))
    const taken = pairs(exported).map(([here, name]) => [own.get(there.get(here) ?? ""), name])
    if (taken.some(([local, name]) => local === undefined || own.has(name ?? ""))) continue
    folds.set(chunk, { door, chunk, exports: taken.map(([local, name]) => `${local} as ${name}`).join() })
  }
  return [...folds.values()]
}

/**
 * @param {ReadonlyMap<string, string>} scripts by file
 * @param {readonly Fold[]} folds
 * @returns {Map<string, string>} by the file's name afterwards
 */
export function fold(scripts, folds) {
  const byChunk = new Map(folds.map((each) => [each.chunk, each]))
  const doors = new Set(folds.map(({ door }) => door))
  const names = new Map(folds.map(({ chunk, door }) => [path.basename(chunk), path.basename(door)]))
  const made = new Map()
  for (const [file, code] of scripts) {
    if (doors.has(file)) continue
    const taken = byChunk.get(file)
    const whole = taken === undefined ? code : code.replace(EXPORTS, (_, own) => `export{${own},${taken.exports}};`)
    const asked = whole.replace(/(?<=\/)chunk-\w+\.js(?=")/g, (name) => names.get(name) ?? name)
    made.set(taken?.door ?? file, asked)
  }
  return made
}

/**
 * @param {Outputs} outputs
 * @param {readonly Fold[]} folds
 * @returns {Outputs}
 */
function renamed(outputs, folds) {
  const doors = new Map(folds.map(({ chunk, door }) => [chunk, door]))
  const gone = new Set(doors.values())
  const kept = Object.entries(outputs).filter(([file]) => !gone.has(file))
  return Object.fromEntries(
    kept.map(([file, output]) => {
      const door = doors.get(file)
      const entryPoint = door === undefined ? output.entryPoint : outputs[door]?.entryPoint
      const imports = output.imports.map((each) => ({ ...each, path: doors.get(each.path) ?? each.path }))
      return [door ?? file, { ...output, imports, ...(entryPoint === undefined ? {} : { entryPoint }) }]
    }),
  )
}
