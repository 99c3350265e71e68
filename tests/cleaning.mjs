/**
 * Cleans files as the page does, for tests in Python: `cleaning.mjs FOLDER` reads each file in it, writes what the page would
 * send beside it as NAME.clean, and says of each what the page knows of it, as JSON.
 */
import { readdir, readFile, writeFile } from "node:fs/promises"
import path from "node:path"
import { clean } from "../client/core/files/clean.ts"

const [folder = ""] = process.argv.slice(2)
/** @type {Record<string, object>} */
const known = {}
for (const name of await readdir(folder)) {
  const { blob, ...rest } = await clean(new Blob([await readFile(path.join(folder, name))]), "")
  await writeFile(path.join(folder, `${name}.clean`), await blob.bytes())
  known[name] = rest
}
process.stdout.write(JSON.stringify(known))
