/**
 * Which texts are downloaded when: those of the door with the door, those of an invitation with the page that it opens, what
 * is said beside the conversation with ui/screen/Beside.tsx, those of dialogs with the dialogs (ui/later.ts), those about
 * links with what makes some, those about programs with what manages them, those of recovery codes with what asks for one or makes one, those of passkeys with either of
 * their files, those of pictures and files with the first of these, those of the search with it, all others at first. A text
 * may come with several. groups.test.ts holds this to what the components say.
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
  "programs",
  "files",
  "search",
])

/** @typedef {typeof GROUPS[number]} Group */

const DOOR = /^(login|challenge|confirm|settings\.(language|theme)|alert\.seen)\b/
const JOIN = /^join\./
const BESIDE = new RegExp(
  [
    "composer\\.(cut|left|over)",
    "completion$",
    "discard$",
    "drop\\.",
    "emoji\\.(?!pick)",
    "mention\\.",
    "messages\\.(heard|newest|newCount|back)",
    "message\\.(heard|react|copyLink|edit$|delete$)",
    "notice\\.",
    "(attached|push|channel\\.edit|shortcuts|stats|channel\\.delete|member\\.removeButton|switcher\\.title)$",
    "question\\.own\\.title",
    "refused\\.",
    "typing\\.",
    "update\\.",
  ]
    .map((pattern) => `^${pattern}`)
    .join("|"),
)
const INVITES = /^invites\./
const PROGRAMS = /^(hooks|recipes)\b/
const FILES = /^files\./
const LATER = new RegExp(
  [
    "alert\\.",
    "channel\\.(createButton|name|topic|topicHint|archive|restore|delete(Title|Text|OwnText)|refused)",
    "confirm\\.(code|left)",
    "bans?\\b",
    "member\\.(remove(Title|Text|Button)|ban|noBan)",
    "people\\.(here|away|you)",
    "question\\.(?!own\\.title)",
    "switcher\\.(query|nothing|search|by)",
    "save$",
    "devices?$",
    "programs$",
    "(device|devices|notify|push|retention|room|settings|shortcut|stats)\\.",
    "leave",
  ]
    .map((pattern) => `^${pattern}`)
    .join("|"),
)
const SEARCH = /^search\./
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
  if (PROGRAMS.test(key)) groups.push("programs")
  if (SEARCH.test(key)) groups.push("search")
  if (FILES.test(key)) groups.push("files")
  return groups.length > 0 ? groups : ["first"]
}
