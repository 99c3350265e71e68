/** What is downloaded when it is first needed. */
import { loadTexts } from "../i18n/load.ts"
import { file, part } from "./kit/part.ts"

/** Dialogs say why something was refused, too. */
const dialogTexts = () => [loadTexts("beside"), loadTexts("later")]
const later = file(async () => (await Promise.all([import("./later.ts"), ...dialogTexts()]))[0])
const completing = file(async () => (await Promise.all([import("./composer/Completer.tsx"), loadTexts("beside")]))[0])
const emoji = file(async () => (await Promise.all([import("./emoji/EmojiPicker.tsx"), loadTexts("beside")]))[0])
const searching = file(
  async () => (await Promise.all([import("./search/SearchDialog.tsx"), loadTexts("beside"), loadTexts("search")]))[0],
)
const figures = file(async () => (await Promise.all([import("./dialogs/StatsDialog.tsx"), ...dialogTexts()]))[0])

/** What is fetched before anybody asks for it; figures are for admins, and emoji many. */
export const AHEAD = [later]

export const completer = part(completing, ({ Completer }) => Completer)
export const alerts = part(later, ({ AlertList }) => AlertList)
export const channel = part(later, ({ ChannelDialog }) => ChannelDialog)
export const deleteChannel = part(later, ({ DeleteChannelDialog }) => DeleteChannelDialog)
export const editor = part(later, ({ MessageEditor }) => MessageEditor)
export const misnamed = part(completing, ({ Misnamed }) => Misnamed)
export const notify = part(later, ({ NotifyDialog }) => NotifyDialog)
export const people = part(later, ({ PeopleList }) => PeopleList)
export const picker = part(emoji, ({ EmojiPicker }) => EmojiPicker)
export const question = part(later, ({ Question }) => Question)
export const removeMember = part(later, ({ RemoveMemberDialog }) => RemoveMemberDialog)
export const search = part(searching, ({ SearchDialog }) => SearchDialog)
export const settings = part(later, ({ SettingsDialog }) => SettingsDialog)
export const shortcuts = part(later, ({ ShortcutsDialog }) => ShortcutsDialog)
export const stats = part(figures, ({ StatsDialog }) => StatsDialog)
export const switcher = part(later, ({ SwitcherDialog }) => SwitcherDialog)
