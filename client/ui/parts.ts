/** What is downloaded when it is first needed. */
import { loadTexts } from "../i18n/load.ts"
import { file, part } from "./kit/part.ts"

const later = file(async () => (await Promise.all([import("./later.ts"), loadTexts("later")]))[0])
const completing = file(() => import("./composer/Completer.tsx"))
const emoji = file(() => import("./emoji/EmojiPicker.tsx"))
const figures = file(async () => (await Promise.all([import("./dialogs/StatsDialog.tsx"), loadTexts("later")]))[0])

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
export const settings = part(later, ({ SettingsDialog }) => SettingsDialog)
export const shortcuts = part(later, ({ ShortcutsDialog }) => ShortcutsDialog)
export const stats = part(figures, ({ StatsDialog }) => StatsDialog)
export const switcher = part(later, ({ SwitcherDialog }) => SwitcherDialog)
