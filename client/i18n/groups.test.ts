import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import path from "node:path"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { texts } from "./en.ts"
import { GROUPS, type Group, groupsOf } from "./groups.mjs"

const CLIENT = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const keys = Object.keys(texts)

/** Each screen, and which texts are there when it is shown. */
const SCREENS: Readonly<Record<string, readonly Group[]>> = {
  "main.tsx": ["first", "blocked"],
  "ui/login/Login.tsx": ["first", "door"],
  "ui/login/RecoveryForm.tsx": ["first", "door", "recovery"],
  "ui/login/LinkForm.tsx": ["first", "door"],
  "ui/passkeys/PasskeySignIn.tsx": ["first", "door", "passkeys"],
  "ui/join/Join.tsx": ["first", "door", "join"],
  "ui/screen/ChatScreen.tsx": ["first"],
  "ui/screen/Beside.tsx": ["first", "beside"],
  "ui/screen/seldom.ts": ["first", "beside"],
  "ui/rooms/RoomsDialog.tsx": ["first", "beside", "rooms"],
  "ui/comings/Comings.tsx": ["first", "beside", "comings"],
  "ui/composer/Completer.tsx": ["first", "beside"],
  "ui/emoji/EmojiPicker.tsx": ["first", "beside"],
  "ui/search/SearchDialog.tsx": ["first", "beside", "search"],
  "ui/later.ts": ["first", "beside", "later"],
  "ui/dialogs/settings.ts": ["first", "beside", "later", "settings"],
  "ui/passkeys/Passkeys.tsx": ["first", "beside", "later", "passkeys"],
  "ui/dialogs/StatsDialog.tsx": ["first", "beside", "later", "settings"],
  "ui/administration/administration.ts": ["first", "beside", "later", "settings", "administration"],
  "ui/administration/roles.ts": ["first", "beside", "later", "administration"],
  "ui/recovery/own.ts": ["first", "beside", "recovery"],
  "ui/lanes/lanes.ts": ["first", "beside", "later", "settings", "lanes", "recovery"],
  "ui/invites/invites.ts": ["first", "beside", "later", "invites"],
  "ui/programs/programs.ts": ["first", "beside", "later", "programs"],
  "ui/invites/QrCode.tsx": ["first", "invites"],
  "ui/exporting/exporting.ts": ["first", "beside", "later", "export"],
  "ui/profile/profile.ts": ["first", "beside", "later", "profile", "recovery"],
  "ui/disturb/disturb.ts": ["first", "beside", "later", "disturb"],
  "ui/kept/kept.ts": ["first", "beside", "kept"],
  "ui/threads/Thread.tsx": ["first", "beside", "kept"],
  "ui/scheduling/scheduling.ts": ["first", "beside", "kept", "scheduling"],
  "ui/writing/Tools.tsx": ["first", "beside", "writing"],
  "ui/days/Days.tsx": ["first", "beside", "writing"],
  "ui/polls/PollCard.tsx": ["first", "beside", "polls"],
  "ui/polls/PollDialog.tsx": ["first", "beside", "later", "polls"],
  "ui/files/files.ts": ["first", "beside", "files"],
  "ui/files/taking.ts": ["first", "beside", "files"],
  "ui/files/viewing.ts": ["first", "beside", "files"],
}

/** What a file imports before it runs. */
function importsOf(file: string): readonly string[] {
  const source = readFileSync(file, "utf8")
  const found = [...source.matchAll(/^(?:import|export) (?!type )[^;"]*? from "(\.[^"?]*)"/gms)]
  return found.map(([, target = ""]) => path.join(path.dirname(file), target))
}

function closureOf(entry: string): ReadonlySet<string> {
  const found = new Set<string>()
  const queue = [path.join(CLIENT, entry)]
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (found.has(file) || !/\.tsx?$/.test(file)) continue
    found.add(file)
    queue.push(...importsOf(file))
  }
  return found
}

/** The texts that a component names; a name that is put together may be any that fits. */
function textsIn(file: string): readonly string[] {
  const source = readFileSync(file, "utf8")
  const whole = [...source.matchAll(/\bt\((?:[^()"`]*\? *)?"([\w.]+)"(?: : "([\w.]+)")?/g)].flatMap((match) =>
    match.slice(1),
  )
  const begun = [...source.matchAll(/`([\w.]+\.)\$\{[\w.]+\}((?:\.\w+)*)`/g)]
  const fitting = begun.flatMap(([, start = "", end = ""]) =>
    keys.filter((key) => key.startsWith(start) && key.endsWith(end)),
  )
  return [...whole, ...fitting].filter((key) => keys.includes(key))
}

test("every text is downloaded with something", () => {
  for (const key of keys)
    assert.ok(
      groupsOf(key).every((group) => GROUPS.includes(group)),
      key,
    )
})

for (const [screen, groups] of Object.entries(SCREENS)) {
  test(`${screen} says only what is downloaded with it`, () => {
    const files = [...closureOf(screen)].filter((file) => file.endsWith(".tsx"))
    assert.ok(files.length > 0)
    const missing = files.flatMap((file) =>
      textsIn(file)
        .filter((key) => !groupsOf(key).some((group) => groups.includes(group)))
        .map((key) => `${path.basename(file)}: ${key}`),
    )
    assert.deepEqual(missing, [])
  })
}
