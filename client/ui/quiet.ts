/** What is downloaded once somebody is inside, and comes without a word. */
import { loadBesideStyles } from "../browser/besideStyles.ts"
import { loadTexts } from "../i18n/load.ts"
import { file, part } from "./kit/part.ts"

const quiet = file(
  async () => (await Promise.all([import("./screen/Beside.tsx"), loadTexts("beside"), loadBesideStyles()]))[0],
)

/** With the same texts and styles: who asks first may be anybody. */
export const seldom = file(
  async () => (await Promise.all([import("./screen/seldom.ts"), loadTexts("beside"), loadBesideStyles()]))[0],
)

export const actions = part(quiet, ({ MessageActions }) => MessageActions)
export const archiveButton = part(seldom, ({ ArchiveButton }) => ArchiveButton)
export const beside = part(quiet, ({ Beside }) => Beside)
export const charactersLeft = part(seldom, ({ CharactersLeft }) => CharactersLeft)
export const closedNote = part(seldom, ({ ClosedNote }) => ClosedNote)
export const comings = part(seldom, ({ ComingsPlace }) => ComingsPlace)
export const copyCode = part(quiet, ({ CopyCode }) => CopyCode)
export const emojiPopover = part(seldom, ({ EmojiPopover }) => EmojiPopover)
export const failed = part(seldom, ({ Failed }) => Failed)
export const headerTools = part(quiet, ({ HeaderTools }) => HeaderTools)
export const imported = part(seldom, ({ Imported }) => Imported)
export const inviteButton = part(quiet, ({ InviteButton }) => InviteButton)
export const itemSigns = part(quiet, ({ ItemSigns }) => ItemSigns)
export const laneSections = part(quiet, ({ LaneSections }) => LaneSections)
export const moonSign = part(quiet, ({ MoonSign }) => MoonSign)
export const nextUnread = part(quiet, ({ NextUnread }) => NextUnread)
export const noticeList = part(quiet, ({ NoticeList }) => NoticeList)
export const outOfSight = part(quiet, ({ OutOfSight }) => OutOfSight)
export const overTimeline = part(quiet, ({ OverTimeline }) => OverTimeline)
export const pasteCut = part(seldom, ({ PasteCut }) => PasteCut)
export const people = part(quiet, ({ People }) => People)
export const places = part(quiet, ({ Places }) => Places)
export const pollPlace = part(seldom, ({ PollPlace }) => PollPlace)
export const reading = part(quiet, ({ Reading }) => Reading)
export const replyBar = part(quiet, ({ ReplyBar }) => ReplyBar)
export const sendLater = part(quiet, ({ SendLater }) => SendLater)
export const sidebarTools = part(quiet, ({ SidebarTools }) => SidebarTools)
export const statusSign = part(quiet, ({ StatusSign }) => StatusSign)
export const toolsPlace = part(quiet, ({ ToolsPlace }) => ToolsPlace)
export const typing = part(quiet, ({ Typing }) => Typing)
export const updatePrompt = part(seldom, ({ UpdatePrompt }) => UpdatePrompt)
