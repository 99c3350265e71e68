/**
 * Which texts are downloaded when: those of the door with the door, those of an invitation with the page that it opens, what
 * is said beside the conversation with ui/screen/Beside.tsx, those of dialogs with the dialogs (ui/later.ts), those about
 * links with what makes some, those of recovery codes with what asks for one or makes one, those of passkeys with either of
 * their files, all others at first. A text may come with several. groups.test.ts holds this to what the components say.
 */
export const GROUPS = /** @type {const} */ ([
  "first",
  "door",
  "join",
  "beside",
  "later",
  "recovery",
  "passkeys",
  "invites",
])

/** @typedef {typeof GROUPS[number]} Group */

const DOOR = /^(login|challenge|confirm|settings\.(language|theme)|alert\.seen)\b/
const JOIN = /^join\./
const BESIDE = new RegExp(
  [
    "composer\\.(cut|left|over)",
    "completion$",
    "discard$",
    "emoji\\.(?!pick)",
    "mention\\.",
    "messages\\.(heard|newest|newCount|back)",
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
const INVITES = /^invites\./
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
  if (JOIN.test(key)) groups.push("join")
  if (BESIDE.test(key)) groups.push("beside")
  if (LATER.test(key)) groups.push("later")
  if (RECOVERY.test(key)) groups.push("recovery")
  if (PASSKEYS.test(key)) groups.push("passkeys")
  if (INVITES.test(key)) groups.push("invites")
  return groups.length > 0 ? groups : ["first"]
}
