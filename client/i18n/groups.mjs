/**
 * Which texts are downloaded when: why there is no way in when there is none, those of the door with the door, what is said
 * beside the conversation with ui/screen/Beside.tsx, those of dialogs with the dialogs (ui/later.ts). A group that is named
 * like a folder of ui/ comes with the first file of it that is used. All others are there at first.
 *
 * A text may come with several. groups.test.ts holds this to what the components say.
 */
export const GROUPS = /** @type {const} */ ([
  "first",
  "blocked",
  "door",
  "join",
  "beside",
  "later",
  "settings",
  "recovery",
  "passkeys",
  "invites",
  "programs",
  "files",
  "search",
  "lanes",
  "kept",
  "scheduling",
  "export",
  "welcome",
  "profile",
  "administration",
  "writing",
  "comings",
  "rooms",
  "disturb",
  "polls",
])

/** @typedef {typeof GROUPS[number]} Group */

/** Why there is no way in; that the chat cannot be reached is said even where nothing can be downloaded. */
const BLOCKED = /^blocked\.(not_found|misconfigured)/
const DOOR = /^(login|link|challenge|confirm|settings\.(language|theme)|alert\.seen)\b/
const JOIN = /^join\./
const BESIDE = new RegExp(
  [
    "composer\\.(cut|left|over)",
    "cancel$",
    "channels\\.(archived|draft|unread|muted|star$|unstar)",
    "code\\.copy",
    "completion$",
    "copied$",
    "invite$",
    "jump$",
    "reply\\.",
    "search$",
    "rooms(\\.count)?$",
    "channel\\.(isArchived|more)",
    "discard$",
    "disturb(\\.until)?$",
    "drop\\.",
    "emoji\\.(?!pick)",
    "mention\\.",
    "(pins|saved|former)\\b",
    "activity(\\.count)?$",
    "scheduled\\b",
    "messages\\.(heard|newest|newCount|back)",
    "message\\.(heard|react|pin|unpin|save|unsave|copyLink|unread$|person|imported|edit$|delete$)",
    "notice\\.",
    "lanes\\.(private|direct|new|none|readers|notesHint|nobodyElseReads|alone|supervised|add$)",
    "(attached|call|push|channel\\.edit|shortcuts|stats|channel\\.delete|member\\.removeButton|switcher\\.title)$",
    "question\\.own\\.title",
    "refused\\.",
    "tools\\.poll$",
    "typing\\.",
    "update\\.",
  ]
    .map((pattern) => `^${pattern}`)
    .join("|"),
)
const INVITES = /^invites\./
const PROGRAMS = /^(hooks|recipes|bots)\b/
const KEPT = /^(kept|activity)\.(?!count$|replies$)/
const SCHEDULING = /^scheduling\./
const FILES = /^files\./
const LATER = new RegExp(
  [
    "alert\\.",
    "call\\.",
    "channel\\.(archived|delete(Title|Text|OwnText))",
    "confirm\\.(code|left)",
    "bans?\\b",
    "member\\.(remove(Title|Text|Button)|ban|noBan)",
    "people\\.(here|away|bots|you)",
    "question\\.(?!own\\.title)",
    "switcher\\.(query|nothing|search|by|direct)",
    "save$",
    "member\\.remove$",
    "(device\\.unknown|devices\\.(failed|link))$",
    "(programs|export)$",
    "(shortcut|stats)\\.",
    "leave",
  ]
    .map((pattern) => `^${pattern}`)
    .join("|"),
)
const SETTINGS =
  /^(inTab|bans?\b|notify$|devices?$|programs$|administration$|export$|(device|devices|notify|push|retention|room|settings)\.)/
const LANES = new RegExp(
  [
    "channel\\.(createButton|name|topic|topicHint|archive|restore|refused)",
    "lanes\\.(?!private|direct|new|none|readers|notesHint|nobodyElseReads|alone|supervised|add$|since)",
    "member\\.removeButton",
  ]
    .map((pattern) => `^${pattern}`)
    .join("|"),
)
const ADMINISTRATION = /^admin\./
const WRITING = /^(jump\.|tools\b)/
const ROOMS = /^rooms\.(?!count$)/
const COMINGS = /^comings\./
const DISTURB = /^disturb\.(?!until$)/
const POLLS = /^polls\./
const WELCOME = /^welcome\./
/** Its name is said by what opens it, at first. */
const PROFILE = /^profile\.(?!own$)/
const SEARCH = /^search\./
const EXPORT = /^(export|archive)\./
const PASSKEYS = /^passkeys?\b/
const RECOVERY = /^(name|recovery)\./

/**
 * @param {string} key
 * @returns {readonly Group[]}
 */
export function groupsOf(key) {
  const groups = /** @type {Group[]} */ ([])
  if (BLOCKED.test(key)) groups.push("blocked")
  if (DOOR.test(key)) groups.push("door")
  if (JOIN.test(key)) groups.push("join")
  if (BESIDE.test(key)) groups.push("beside")
  if (LATER.test(key)) groups.push("later")
  if (SETTINGS.test(key)) groups.push("settings")
  if (RECOVERY.test(key)) groups.push("recovery")
  if (PASSKEYS.test(key)) groups.push("passkeys")
  if (INVITES.test(key)) groups.push("invites")
  if (PROGRAMS.test(key)) groups.push("programs")
  if (LANES.test(key)) groups.push("lanes")
  if (WRITING.test(key)) groups.push("writing")
  if (ROOMS.test(key)) groups.push("rooms")
  if (COMINGS.test(key)) groups.push("comings")
  if (DISTURB.test(key)) groups.push("disturb")
  if (POLLS.test(key)) groups.push("polls")
  if (WELCOME.test(key)) groups.push("welcome")
  if (PROFILE.test(key)) groups.push("profile")
  if (ADMINISTRATION.test(key)) groups.push("administration")
  if (SEARCH.test(key)) groups.push("search")
  if (KEPT.test(key)) groups.push("kept")
  if (SCHEDULING.test(key)) groups.push("scheduling")
  if (FILES.test(key)) groups.push("files")
  if (EXPORT.test(key)) groups.push("export")
  return groups.length > 0 ? groups : ["first"]
}
