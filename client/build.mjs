/**
 * Builds the client into public/: `node client/build.mjs [--watch] [--react] [--out=FOLDER]`.
 *
 * Files in public/assets/ carry a hash of their content in their name and may be kept for ever; index.html and sw.js
 * name them and are never kept. A build that is larger than budget.mjs allows fails.
 *
 * The client is written for React's API. The page ships Preact's implementation of it; with --react, React itself, which is
 * larger and has no budget.
 */
import { createHash } from "node:crypto"
import { mkdir, readFile, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { fileURLToPath } from "node:url"
import * as esbuild from "esbuild"
import { archivePage } from "./archive/build.mjs"
import { overBudget, report } from "./budget.mjs"
import { emojiData } from "./emoji-data.mjs"
import { foldFacades } from "./facades.mjs"
import { groupsOf } from "./i18n/groups.mjs"
import { MARK, minifyFiles } from "./minify.mjs"
import { before } from "./order.mjs"

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.dirname(here)
const watching = process.argv.includes("--watch")
const withReact = process.argv.includes("--react")
const folder = process.argv.find((word) => word.startsWith("--out="))?.slice("--out=".length)
const site = path.resolve(folder ?? path.join(root, "public"))
const out = path.join(site, "assets")

const PREACT = {
  react: "preact/compat",
  "react-dom": "preact/compat",
  "react-dom/client": "preact/compat/client",
  "react/jsx-runtime": "preact/jsx-runtime",
}

/** `url:package/file` becomes the address of a copy in public/assets/; `url:emoji/en` that of the emoji in English. */
const addresses = {
  name: "addresses",
  /** @param {esbuild.PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^url:/ }, async ({ path: name }) => {
      const target = name.slice("url:".length)
      if (target.startsWith("emoji/")) return { path: `${target}.json`, namespace: "emoji" }
      const { path: file, errors } = await build.resolve(target, { resolveDir: here, kind: "import-statement" })
      return errors.length > 0 ? { errors } : { path: file, namespace: "address" }
    })
    build.onLoad({ filter: /.*/, namespace: "address" }, async ({ path: file }) => ({
      contents: await readFile(file),
      loader: "file",
    }))
    build.onLoad({ filter: /.*/, namespace: "emoji" }, async ({ path: name }) => ({
      contents: JSON.stringify(await emojiData(path.basename(name, ".json"))),
      loader: "file",
    }))
  },
}

/** `i18n/en.ts?door` becomes that part of the catalogue (i18n/groups.mjs). */
const partsOfCatalogues = {
  name: "parts-of-catalogues",
  /** @param {esbuild.PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /\.ts\?\w+$/ }, ({ path: name, resolveDir }) => {
      const [file = "", group] = name.split("?")
      return { path: path.join(resolveDir, file), suffix: `?${group}` }
    })
    build.onLoad({ filter: /i18n.\w+\.ts$/ }, async ({ path: file, suffix }) => {
      if (suffix === "") return
      const { code } = await esbuild.transform(await readFile(file, "utf8"), { loader: "ts" })
      const { texts } = await import(`data:text/javascript,${encodeURIComponent(code)}`)
      const chosen = Object.entries(texts).filter(([key]) => groupsOf(key).some((group) => `?${group}` === suffix))
      return { contents: `export const texts = ${JSON.stringify(Object.fromEntries(chosen))}`, watchFiles: [file] }
    })
  },
}

/** How the sources of the client are changed before esbuild reads them. */
const sources = {
  name: "sources",
  /** @param {esbuild.PluginBuild} build */
  async setup(build) {
    const files = await filesOfIcons()
    build.onLoad({ filter: /client.(ui|push|browser).*\.tsx?$/ }, async ({ path: file }) => {
      const source = await readFile(file, "utf8")
      const first = before(path.relative(here, file).replaceAll(path.sep, "/"))
      const order = first === undefined ? "" : `\nimport ${JSON.stringify(path.join(here, first))}`
      return { contents: iconsApart(source, files) + order, loader: file.endsWith("x") ? "tsx" : "ts" }
    })
  },
}

/**
 * Imports each of Lucide's icons (1.65.0) from its own file: through the one that names them all, every file of the build
 * that shows any icon would wait for all of them.
 *
 * @param {string} source
 * @param {ReadonlyMap<string, string>} files
 */
function iconsApart(source, files) {
  return source.replace(/^import \{([^}]*)\} from "lucide"$/gm, (_, names) =>
    names
      .split(",")
      .filter((/** @type {string} */ name) => name.trim() !== "") // a list over several lines ends with a comma
      .map((/** @type {string} */ name) => `import ${name} from ${JSON.stringify(files.get(name.trim()))}`)
      .join(";"),
  )
}

/** The file of each of Lucide's icons, by name. */
async function filesOfIcons() {
  const folder = path.join(root, "node_modules", "lucide", "dist", "esm")
  const index = await readFile(path.join(folder, "iconsAndAliases.mjs"), "utf8")
  /** @type {Map<string, string>} */
  const files = new Map()
  for (const [, names = "", file = ""] of index.matchAll(/export \{([^}]*)\} from '([^']*)'/g)) {
    for (const [, name = ""] of names.matchAll(/default as (\w+)/g)) files.set(name, path.join(folder, file))
  }
  return files
}

/** @type {esbuild.BuildOptions} */
const options = {
  entryPoints: {
    main: path.join(here, "main.tsx"),
    styles: path.join(here, "styles", "index.css"),
    beside: path.join(here, "styles", "beside.css"),
    forced: path.join(here, "styles", "forced.css"),
  },
  outdir: out,
  absWorkingDir: root,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  publicPath: "/assets",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2023"],
  minify: !watching,
  footer: watching ? {} : { js: MARK },
  sourcemap: watching ? "inline" : false,
  metafile: true,
  define: { "process.env.NODE_ENV": watching ? '"development"' : '"production"' },
  charset: "utf8", // escapes would triple the size of every Russian letter
  legalComments: "linked",
  jsx: "automatic",
  alias: withReact ? {} : PREACT,
  // tsconfig.json says where Preact's types are; esbuild would take the code from there, too.
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  plugins: [
    addresses,
    partsOfCatalogues,
    sources,
    archivePage,
    { name: "pages", setup: (build) => build.onEnd(writePages) },
  ],
  logLevel: "warning",
}

/**
 * Writes what names the hashed files: the page and the service worker.
 *
 * @param {esbuild.BuildResult} result
 */
async function writePages({ metafile, errors }) {
  if (errors.length > 0 || metafile === undefined) return
  const outputs = watching ? metafile.outputs : await finished(metafile.outputs)
  const named = Object.keys(outputs)
    .filter((file) => !file.endsWith(".LEGAL.txt"))
    .map((file) => `/assets/${path.basename(file)}`)
  /** @param {RegExp} pattern */
  const find = (pattern) => named.find((file) => pattern.test(file)) ?? ""
  const main = find(/\/main-[^/]*\.js$/)
  const below = path.relative(root, site).replaceAll(path.sep, "/")
  const entry = outputs[`${below}${main}`]
  const preloads = (entry?.imports ?? [])
    .filter(({ kind }) => kind === "import-statement")
    .map(({ path: file }) => `<link rel="modulepreload" href="${file.slice(below.length)}">`)
  const look = await writeLook()
  const page = (await readFile(path.join(here, "index.html"), "utf8"))
    .replace("%styles%", find(/\/styles-[^/]*\.css$/))
    .replace("%beside%", find(/\/beside-[^/]*\.css$/))
    .replace("%forced%", find(/\/forced-[^/]*\.css$/))
    .replace("%main%", main)
    .replace("%look%", look)
    .replace("%preloads%", preloads.join("\n  "))
  await writeFile(path.join(site, "index.html"), page)
  await writeServiceWorker(page, [...named, look])
  if (withReact) return
  const sizes = await report(outputs, root, path.join(below, "sw.js"))
  await mkdir(path.join(root, ".cache"), { recursive: true })
  await writeFile(path.join(root, ".cache", "client-sizes.json"), `${JSON.stringify(sizes, null, 2)}\n`)
  if (watching) return
  for (const { name, bytes, limit } of sizes) {
    process.stdout.write(`${name}: ${(bytes / 1000).toFixed(1)} kB of ${limit / 1000} kB\n`)
  }
  const excess = overBudget(sizes)
  if (excess.length > 0) throw new Error(`over the byte budget: ${excess.join(", ")}`)
}

/**
 * Makes the scripts smaller and fewer.
 *
 * @param {esbuild.Metafile["outputs"]} outputs
 */
async function finished(outputs) {
  const scripts = Object.keys(outputs).filter((file) => file.endsWith(".js"))
  await minifyFiles(scripts.map((file) => path.join(root, file)))
  return await foldFacades(root, outputs)
}

/** The script before the first paint: no module, for modules wait. */
async function writeLook() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(here, "browser", "look.ts")],
    outdir: out,
    entryNames: "[name]-[hash]",
    bundle: true,
    format: "iife",
    target: ["es2023"],
    minify: !watching,
    write: false,
  })
  const [made] = outputFiles
  if (made === undefined) throw new Error("look.ts was not built")
  await writeFile(made.path, made.contents)
  return `/assets/${path.basename(made.path)}`
}

/**
 * @param {string} page
 * @param {readonly string[]} assets
 */
async function writeServiceWorker(page, assets) {
  // Not what is of no use without a network.
  const shell = assets.filter(
    (file) => !/\/((altcha|pbkdf2|exporting-|emojiNames-|LinkForm-)[^/]*|[^/]*\.json)$/.test(file),
  )
  const version = createHash("sha256").update(page).update(shell.join()).digest("hex").slice(0, 12)
  await esbuild.build({
    entryPoints: [path.join(here, "sw.ts")],
    outfile: path.join(site, "sw.js"),
    bundle: true,
    format: "iife",
    charset: "utf8",
    target: ["es2023"],
    minify: !watching,
    define: { VERSION: JSON.stringify(version), SHELL: JSON.stringify(shell) },
  })
  if (!watching) await minifyFiles([path.join(site, "sw.js")])
}

await rm(out, { recursive: true, force: true })
await mkdir(out, { recursive: true })
if (watching) {
  const context = await esbuild.context(options)
  await context.watch()
  process.stdout.write("watching client/\n")
} else {
  // esbuild has said already what is wrong with the code; what is wrong with the size is said here.
  await esbuild.build(options).catch((error) => {
    if (error.errors?.length > 0 && error.errors[0].pluginName === "pages") console.error(error.errors[0].text)
    process.exitCode = 1
  })
}
