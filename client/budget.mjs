/**
 * How large the client may be, gzipped: what a visitor loads before login, what a member loads to read and write, each file
 * that loads when somebody first uses what is in it, and the service worker, which loads in the background.
 *
 * Where a choice loads one of several files (the language), the largest counts. A file that is not named here fails: say
 * how large it may become.
 */
import { readFile } from "node:fs/promises"
import path from "node:path"
import { gzipSync } from "node:zlib"
import { before } from "./order.mjs"

const LIMITS = { door: 28_000, inside: 58_000, styles: 9_800, besideStyles: 8_200, forced: 1_000, serviceWorker: 4_800 }
// The service worker names every file that it keeps: a panel more, with its texts in two languages, is three names more.
/** What loads later, by where it begins: what of it was not there before (order.mjs). */
const LATER = {
  "client/i18n/more.ts": 550,
  "client/ui/later.ts": 9_000,
  "client/ui/dialogs/settings.ts": 8_500,
  "client/ui/search/SearchDialog.tsx": 6_000,
  "client/ui/screen/Beside.tsx": 17_000,
  "client/ui/screen/seldom.ts": 3_100,
  "client/ui/comings/Comings.tsx": 2_300,
  "client/ui/rooms/RoomsDialog.tsx": 1_900,
  "client/ui/welcome/Welcome.tsx": 2_900,
  "client/ui/login/RecoveryForm.tsx": 3_800,
  "client/ui/login/LinkForm.tsx": 1_200,
  "client/ui/recovery/own.ts": 5_200,
  "client/ui/join/Join.tsx": 2_900,
  "client/ui/composer/Completer.tsx": 4_500,
  "client/ui/dialogs/StatsDialog.tsx": 2_000,
  "client/ui/lanes/lanes.ts": 9_800,
  "client/ui/profile/profile.ts": 4_800,
  "client/ui/administration/administration.ts": 6_500,
  "client/ui/administration/roles.ts": 3_600,
  "client/ui/invites/invites.ts": 5_000,
  "client/ui/programs/programs.ts": 11_800,
  "client/ui/invites/QrCode.tsx": 3_400,
  "client/ui/files/files.ts": 16_000,
  "client/ui/files/taking.ts": 3_500,
  "client/browser/pictures.ts": 8_000,
  "client/ui/files/viewing.ts": 4_000,
  "client/ui/disturb/disturb.ts": 2_500,
  "client/ui/composer/followDrafts.ts": 1_500,
  "client/ui/kept/kept.ts": 3_800,
  "client/ui/threads/Thread.tsx": 2_000,
  "client/ui/scheduling/scheduling.ts": 4_000,
  "client/ui/days/Days.tsx": 3_200,
  "client/ui/polls/PollCard.tsx": 2_600,
  "client/ui/polls/PollDialog.tsx": 2_400,
  "client/ui/writing/Tools.tsx": 5_800,
  "client/ui/exporting/exporting.ts": 40_000,
  "client/core/archive/emojiNames.ts": 16_000,
  "client/ui/emoji/EmojiPicker.tsx": 2_500,
  "client/push/device.ts": 2_500,
  "client/push/inTab.ts": 2_800,
  "client/ui/passkeys/PasskeySignIn.tsx": 3_500,
  "client/ui/passkeys/Passkeys.tsx": 4_100,
  "client/ui/login/altcha.ts": 2_000,
  "node_modules/altcha/dist/external/altcha.js": 32_000,
}
/**
 * The texts that come with one of them (i18n/groups.mjs).
 *
 * @type {Record<string, string>}
 */
const WORDS = {
  "client/ui/rooms/RoomsDialog.tsx": "rooms",
  "client/ui/comings/Comings.tsx": "comings",
  "client/ui/login/RecoveryForm.tsx": "recovery",
  "client/ui/recovery/own.ts": "recovery",
  "client/ui/screen/Beside.tsx": "beside",
  "client/ui/later.ts": "later",
  "client/ui/dialogs/settings.ts": "settings",
  "client/ui/search/SearchDialog.tsx": "search",
  "client/ui/passkeys/PasskeySignIn.tsx": "passkeys",
  "client/ui/passkeys/Passkeys.tsx": "passkeys",
  "client/ui/join/Join.tsx": "join",
  "client/ui/lanes/lanes.ts": "lanes",
  "client/ui/profile/profile.ts": "profile",
  "client/ui/invites/invites.ts": "invites",
  "client/ui/programs/programs.ts": "programs",
  "client/ui/administration/administration.ts": "administration",
  "client/ui/administration/roles.ts": "administration",
  "client/ui/welcome/Welcome.tsx": "welcome",
  "client/ui/days/Days.tsx": "writing",
  "client/ui/polls/PollCard.tsx": "polls",
  "client/ui/polls/PollDialog.tsx": "polls",
  "client/ui/writing/Tools.tsx": "writing",
  "client/ui/files/files.ts": "files",
  "client/ui/disturb/disturb.ts": "disturb",
  "client/ui/kept/kept.ts": "kept",
  "client/ui/scheduling/scheduling.ts": "scheduling",
  "client/ui/exporting/exporting.ts": "export",
}
const DOOR = "client/ui/login/Login.tsx"
const INSIDE = "client/ui/screen/ChatScreen.tsx"
const CATALOGUE = /i18n\/[a-z]{2}\.ts\?(\w+)$/

/** @typedef {{ name: string, bytes: number, limit: number }} Size */
/** @typedef {import("esbuild").Metafile["outputs"]} Outputs */

/**
 * @param {Outputs} outputs
 * @param {string} root
 * @param {string} serviceWorker below root, as the outputs are
 * @returns {Promise<Size[]>}
 */
export async function report(outputs, root, serviceWorker) {
  /** @param {string} file */
  const weigh = async (file) => gzipSync(await readFile(path.join(root, file)), { level: 9 }).length
  /** @type {Map<string, number>} */
  const sizes = new Map()
  for (const file of Object.keys(outputs)) sizes.set(file, await weigh(file))
  /** @param {Iterable<string>} files */
  const total = (files) => [...files].reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0)
  const begins = Object.entries(outputs).flatMap(([file, { entryPoint }]) => (entryPoint ? [{ file, entryPoint }] : []))
  /** @param {string} entryPoint */
  const closure = (entryPoint) => reach(outputs, begins.find((each) => each.entryPoint === entryPoint)?.file ?? "")
  /** @param {string} group */
  const words = (group) => {
    const catalogues = begins.filter(({ entryPoint }) => CATALOGUE.exec(entryPoint)?.[1] === group)
    return Math.max(0, ...catalogues.map(({ file }) => sizes.get(file) ?? 0))
  }
  /**
   * What came before it, and before that.
   *
   * @param {string} name
   * @returns {Set<string>}
   */
  const there = (name) => {
    const former = before(name.replace("client/", ""))
    return former === undefined ? new Set() : new Set([...closure(`client/${former}`), ...there(`client/${former}`)])
  }
  const main = closure("client/main.tsx")
  const door = new Set([...main, ...closure(DOOR)])
  const inside = new Set([...main, ...closure(INSIDE)])
  const later = Object.entries(LATER).map(([name, limit]) => ({
    name: path.basename(name),
    bytes: total(without(closure(name), there(name))) + words(WORDS[name] ?? ""),
    limit,
  }))
  const known = ["client/main.tsx", DOOR, INSIDE, ...Object.keys(LATER)]
  const unknown = begins.filter(({ file, entryPoint }) => isUnknown(file, entryPoint, known))
  return [
    { name: "script before login", bytes: total(door) + words("first") + words("door"), limit: LIMITS.door },
    { name: "script to read and write", bytes: total(inside) + words("first"), limit: LIMITS.inside },
    ...later,
    ...unknown.map(({ file, entryPoint }) => ({ name: entryPoint, bytes: sizes.get(file) ?? 0, limit: 0 })),
    { name: "styles", bytes: sizes.get(fileOf(outputs, /\/styles-[^/]*\.css$/)) ?? 0, limit: LIMITS.styles },
    {
      name: "styles of what comes beside",
      bytes: sizes.get(fileOf(outputs, /\/beside-[^/]*\.css$/)) ?? 0,
      limit: LIMITS.besideStyles,
    },
    {
      name: "styles of forced colours",
      bytes: sizes.get(fileOf(outputs, /\/forced-[^/]*\.css$/)) ?? 0,
      limit: LIMITS.forced,
    },
    { name: "service worker", bytes: await weigh(serviceWorker), limit: LIMITS.serviceWorker },
  ]
}

/**
 * @param {string} file
 * @param {string} entryPoint
 * @param {readonly string[]} known
 */
function isUnknown(file, entryPoint, known) {
  return file.endsWith(".js") && !known.includes(entryPoint) && !CATALOGUE.test(entryPoint)
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
 * Every script that `start` needs before it runs.
 *
 * @param {Outputs} outputs
 * @param {string} start
 */
function reach(outputs, start) {
  /** @type {Set<string>} */
  const found = new Set()
  const queue = [start]
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    const output = outputs[file]
    if (found.has(file) || output === undefined) continue
    found.add(file)
    for (const { path: target, kind } of output.imports) if (kind === "import-statement") queue.push(target)
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
