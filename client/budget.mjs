/**
 * How large the client may be, gzipped: what a visitor loads before login, all of it before the emoji picker, and the
 * service worker, which loads in the background.
 *
 * Not counted: the proof-of-work widget and the emoji picker, which load when somebody uses them. Where a choice loads
 * one of several files (the language), the largest counts.
 */
import { readFile } from "node:fs/promises"
import path from "node:path"
import { gzipSync } from "node:zlib"

const LIMITS = { firstScript: 45_000, styles: 12_000, allScript: 70_000, serviceWorker: 4_000 }
const ON_DEMAND = [/altcha/, /EmojiPicker/, /emoji/]
const ALTERNATIVES = [/i18n\/[a-z]{2}\.ts$/]

/** @typedef {{ name: string, bytes: number, limit: number }} Size */
/** @typedef {import("esbuild").Metafile["outputs"]} Outputs */

/**
 * @param {import("esbuild").Metafile} metafile
 * @param {string} root
 * @returns {Promise<Size[]>}
 */
export async function report({ outputs }, root) {
  const main = fileOf(outputs, /\/main-[^/]*\.js$/)
  const styles = fileOf(outputs, /\/styles-[^/]*\.css$/)
  /** @param {string} file */
  const weigh = async (file) => gzipSync(await readFile(path.join(root, file)), { level: 9 }).length
  /** @type {Map<string, number>} */
  const sizes = new Map()
  for (const file of Object.keys(outputs)) sizes.set(file, await weigh(file))
  /** @param {ReadonlySet<string>} files */
  const total = (files) => [...files].reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0)
  const catalogues = Object.entries(outputs).filter(([, { entryPoint = "" }]) =>
    ALTERNATIVES.some((pattern) => pattern.test(entryPoint)),
  )
  const catalogue = Math.max(0, ...catalogues.map(([file]) => sizes.get(file) ?? 0))
  const names = new Set(catalogues.map(([file]) => file))
  const first = without(reach(outputs, main, false), names)
  const all = without(reach(outputs, main, true), names)
  return [
    { name: "script before login", bytes: total(first) + catalogue, limit: LIMITS.firstScript },
    { name: "styles", bytes: sizes.get(styles) ?? 0, limit: LIMITS.styles },
    { name: "script in all, before the emoji picker", bytes: total(all) + catalogue, limit: LIMITS.allScript },
    { name: "service worker", bytes: await weigh("public/sw.js"), limit: LIMITS.serviceWorker },
  ]
}

/**
 * @param {readonly Size[]} sizes
 * @returns {string[]}
 */
export function overBudget(sizes) {
  return sizes.filter(({ bytes, limit }) => bytes > limit).map(({ name, bytes }) => `${name} (${bytes} bytes)`)
}

/**
 * @param {Outputs} outputs
 * @param {RegExp} pattern
 */
function fileOf(outputs, pattern) {
  const found = Object.keys(outputs).find((file) => pattern.test(file))
  if (found === undefined) throw new Error(`the build made no ${pattern}`)
  return found
}

/**
 * Every script that `start` loads, with `deep` those it loads later too, except on demand.
 *
 * @param {Outputs} outputs
 * @param {string} start
 * @param {boolean} deep
 */
function reach(outputs, start, deep) {
  /** @type {Set<string>} */
  const found = new Set()
  const queue = [start]
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    const output = outputs[file]
    if (found.has(file) || output === undefined) continue
    found.add(file)
    for (const { path: target, kind } of output.imports) {
      const later = kind === "dynamic-import"
      if (kind !== "import-statement" && !(deep && later)) continue
      const entry = outputs[target]?.entryPoint ?? ""
      if (later && ON_DEMAND.some((pattern) => pattern.test(entry))) continue
      queue.push(target)
    }
  }
  return found
}

/**
 * @param {ReadonlySet<string>} files
 * @param {ReadonlySet<string>} excluded
 */
function without(files, excluded) {
  return new Set([...files].filter((file) => !excluded.has(file)))
}
