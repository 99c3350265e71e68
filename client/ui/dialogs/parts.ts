/** What happens beside the conversation, downloaded when it is first needed: figures are for admins, and emoji many. */
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"
import { dialogTexts, later } from "../parts.ts"

const emoji = file(async () => (await Promise.all([import("../emoji/EmojiPicker.tsx"), loadTexts("beside")]))[0])
const searching = file(
  async () => (await Promise.all([import("../search/SearchDialog.tsx"), loadTexts("beside"), loadTexts("search")]))[0],
)
const figures = file(
  async () => (await Promise.all([import("./StatsDialog.tsx"), ...dialogTexts(), loadTexts("settings")]))[0],
)

export const settingsFile = file(
  async () => (await Promise.all([import("./settings.ts"), ...dialogTexts(), loadTexts("settings")]))[0],
)

export const call = part(later, ({ CallDialog }) => CallDialog)
export const deleteChannel = part(later, ({ DeleteChannelDialog }) => DeleteChannelDialog)
export const notify = part(settingsFile, ({ NotifyDialog }) => NotifyDialog)
export const people = part(later, ({ PeopleList }) => PeopleList)
export const picker = part(emoji, ({ EmojiPicker }) => EmojiPicker)
export const removeMember = part(later, ({ RemoveMemberDialog }) => RemoveMemberDialog)
export const search = part(searching, ({ SearchDialog }) => SearchDialog, true)
export const settings = part(settingsFile, ({ SettingsDialog }) => SettingsDialog, true)
export const shortcuts = part(later, ({ ShortcutsDialog }) => ShortcutsDialog)
export const stats = part(figures, ({ StatsDialog }) => StatsDialog, true)
export const switcher = part(later, ({ SwitcherDialog }) => SwitcherDialog)
