/**
 * Builds a tool into one file that Node runs: `node client/node/build.mjs NAME FOLDER` writes FOLDER/NAME.mjs, from
 * client/node/tools/NAME.ts. It takes a fraction of a second, so tools are built whenever they are started.
 */
import path from "node:path"
import { fileURLToPath } from "node:url"
import * as esbuild from "esbuild"
import { archivePage } from "../archive/build.mjs"

const here = path.dirname(fileURLToPath(import.meta.url))
const [name = "", folder = ""] = process.argv.slice(2)

await esbuild.build({
  entryPoints: [path.join(here, "tools", `${name}.ts`)],
  outfile: path.join(folder, `${name}.mjs`),
  bundle: true,
  platform: "node",
  format: "esm",
  target: ["node22"],
  charset: "utf8",
  // The terminal says what went wrong in lines of the sources.
  sourcemap: "inline",
  plugins: [archivePage],
  logLevel: "warning",
})
