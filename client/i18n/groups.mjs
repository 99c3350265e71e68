/**
 * Which texts are downloaded when: those of the door with the door, those of dialogs with the dialogs (ui/later.ts), all
 * others at first. A text may come with both. groups.test.ts holds this to what the components say.
 */
export const GROUPS = /** @type {const} */ (["first", "door", "later"])

/** @typedef {typeof GROUPS[number]} Group */

const DOOR = /^(login|challenge|confirm|settings\.(language|theme))\b/
const LATER = new RegExp(
  [
    "alert\\.(?!seen)",
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

/**
 * @param {string} key
 * @returns {readonly Group[]}
 */
export function groupsOf(key) {
  const groups = /** @type {Group[]} */ ([])
  if (DOOR.test(key)) groups.push("door")
  if (LATER.test(key)) groups.push("later")
  return groups.length > 0 ? groups : ["first"]
}
