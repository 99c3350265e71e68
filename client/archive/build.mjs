/**
 * Builds the code of archive.html, and hands it to whatever writes exports: a plugin that answers `archive:page` with the
 * script and the styles, and with the hashes by which the page's policy lets them through.
 */
import { createHash } from "node:crypto"
import path from "node:path"
import { fileURLToPath } from "node:url"
import * as esbuild from "esbuild"

const here = path.dirname(fileURLToPath(import.meta.url))

/** @returns {Promise<{ script: string, scriptHash: string, styles: string, stylesHash: string }>} */
export async function buildPage() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(here, "page.ts"), path.join(here, "page.css")],
    outdir: "page",
    write: false,
    bundle: true,
    format: "iife",
    target: ["es2023"],
    minify: true,
    charset: "ascii", // nothing in it depends on how a browser reads the page
    legalComments: "none",
  })
  /** @param {string} ending */
  const text = (ending) => {
    const found = outputFiles.find((file) => file.path.endsWith(ending))
    if (found === undefined) throw new Error(`the archive's page has no ${ending}`)
    // Neither may end its element.
    return found.text.replace(/<\/(script|style)/gi, "<\\/$1").trim()
  }
  const [script, styles] = [text(".js"), text(".css")]
  return { script, scriptHash: hash(script), styles, stylesHash: hash(styles) }
}

/** @param {string} code */
const hash = (code) => createHash("sha256").update(code).digest("base64")

/** @type {import("esbuild").Plugin} */
export const archivePage = {
  name: "archive-page",
  setup(build) {
    build.onResolve({ filter: /^archive:page$/ }, ({ path: name }) => ({ path: name, namespace: "archive" }))
    build.onLoad({ filter: /.*/, namespace: "archive" }, async () => ({
      contents: `export const page = ${JSON.stringify(await buildPage())}`,
      watchDirs: [here],
    }))
  },
}
