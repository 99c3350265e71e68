/**
 * Which texts are downloaded when: those of the door with the door, what is said beside the conversation with
 * ui/screen/Beside.tsx, those of dialogs with the dialogs (ui/later.ts), those of recovery codes with what asks for one or
 * makes one, those of passkeys with either of their files, all others at first. A text may come with several.
 * groups.test.ts holds this to what the components say.
 */
export const GROUPS = /** @type {const} */ (["first", "door", "beside", "later", "recovery", "passkeys"])

/** @typedef {typeof GROUPS[number]} Group */

const DOOR = /^(login|challenge|confirm|settings\.(language|theme)|alert\.seen)\b/
const BESIDE = new RegExp(
  [
    "composer\\.(cut|left|over)",
    "completion$",
    "discard$",
    "emoji\\.(?!pick)",
    "mention\\.",
    "messages\\.heard",
    "message\\.heard",
    "notice\\.",
    "question\\.own\\.title",
    "refused\\.",
    "typing\\.",
    "update\\.",
  ]
    .map((pattern) => `^${pattern}`)
    .join("|"),
)
const LATER = new RegExp(
  [
    "alert\\.",
    "channel\\.(createButton|name|topic|topicHint|archive|restore|deleteTitle|deleteText|refused)",
    "confirm\\.(code|left)",
    "member\\.remove(Title|Text)",
    "people\\.(here|away|you)",
    "question\\.(?!own\\.title)",
    "switcher\\.(query|nothing)",
    "(device|devices|notify|push|retention|room|settings|shortcut|stats)\\.",
    "leave",
  ]
    .map((pattern) => `^${pattern}`)
    .join("|"),
)
const PASSKEYS = /^passkeys?\b/
const RECOVERY = /^(name|recovery)\./

/**
 * @param {string} key
 * @returns {readonly Group[]}
 */
export function groupsOf(key) {
  const groups = /** @type {Group[]} */ ([])
  if (DOOR.test(key)) groups.push("door")
  if (BESIDE.test(key)) groups.push("beside")
  if (LATER.test(key)) groups.push("later")
  if (RECOVERY.test(key)) groups.push("recovery")
  if (PASSKEYS.test(key)) groups.push("passkeys")
  return groups.length > 0 ? groups : ["first"]
}
