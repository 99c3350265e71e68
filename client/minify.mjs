/**
 * Makes the scripts of a build smaller than esbuild alone does: Terser goes through them again and again until nothing more
 * falls away, which saves one byte in thirty. What one script takes from another then goes by the name that it has there,
 * which saves one byte in a hundred more.
 */
import { readFile, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import path from "node:path"
import { minify } from "terser"

const OPTIONS = /** @type {const} */ ({ module: true, ecma: 2020, compress: { passes: 3 } })

/**
 * Stands at the end of each script that esbuild hashes: files are kept for ever by their hash, so it must be another one
 * when something else is made of the same script: by another Terser, or, which is what its last number says, here.
 */
export const MARK = `/* ${createRequire(import.meta.url)("terser/package.json").version} ${JSON.stringify(OPTIONS)} 3 */`

/** @param {Iterable<string>} files scripts, which are replaced */
export async function minifyFiles(files) {
  /** @type {Map<string, string>} */
  const scripts = new Map()
  for (const file of files) {
    const { code } = await minify(await readFile(file, "utf8"), OPTIONS)
    if (code === undefined) throw new Error(`Terser made nothing of ${file}`)
    scripts.set(file, code)
  }
  for (const [file, code] of underOwnNames(scripts)) await writeFile(file, code)
}

/** At the end of a script, but for the comment that says where licences stand. */
export const EXPORTS = /export\{([^{}]*)\};(?=\s*(?:\/\*![^\n]*\*\/\s*)?$)/
const IMPORTS = /import\{([^{}]*)\}from"([^"]+)"/g

/**
 * Nobody but our own scripts imports from what esbuild calls a chunk: there, `export{long as a}` and `import{a as b}` become
 * `export{long}` and `import{long as b}`.
 *
 * @param {ReadonlyMap<string, string>} scripts by file
 */
export function underOwnNames(scripts) {
  /** @type {Map<string, Map<string, string>>} by their file's name, the long name for each short one */
  const chunks = new Map()
  for (const [file, code] of scripts) {
    const [, names] = EXPORTS.exec(code) ?? []
    if (names === undefined || !path.basename(file).startsWith("chunk-")) continue
    chunks.set(path.basename(file), new Map(pairs(names).map(([long, short]) => [short, long])))
  }
  const imports = (/** @type {string} */ statement, /** @type {string} */ names, /** @type {string} */ from) => {
    const long = chunks.get(path.basename(from))
    if (long === undefined) return statement
    const named = pairs(names).map(([short, here]) =>
      long.get(short) === here ? here : `${long.get(short)} as ${here}`,
    )
    return `import{${named.join()}}from"${from}"`
  }
  const renamed = (/** @type {string} */ file, /** @type {string} */ code) => {
    const long = chunks.get(path.basename(file))
    const taken = code.replace(IMPORTS, imports)
    return long === undefined ? taken : taken.replace(EXPORTS, () => `export{${[...long.values()].join()}};`)
  }
  return new Map([...scripts].map(([file, code]) => [file, renamed(file, code)]))
}

/**
 * @param {string} names `a as b,c`
 * @returns {[string, string][]} `[["a", "b"], ["c", "c"]]`
 */
export function pairs(names) {
  return names.split(",").map((each) => {
    const [first = "", second = first] = each.split(" as ")
    return [first, second]
  })
}
