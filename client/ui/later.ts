/** One file of the build: what most people open sooner or later, and nobody needs to read and write. */
import { settingsFile } from "./dialogs/parts.ts"
import { fetchAhead } from "./kit/part.ts"
import { lanes } from "./lanes/parts.ts"

export { CallDialog } from "./dialogs/CallDialog.tsx"
export { DeleteChannelDialog } from "./dialogs/DeleteChannelDialog.tsx"
export { RemoveMemberDialog } from "./dialogs/RemoveMemberDialog.tsx"
export { ShortcutsDialog } from "./dialogs/ShortcutsDialog.tsx"
export { SwitcherDialog } from "./dialogs/SwitcherDialog.tsx"
export { MessageEditor } from "./message/MessageEditor.tsx"
export { PeopleList } from "./people/PeopleList.tsx"
export { AlertList } from "./screen/AlertList.tsx"
export { Question } from "./screen/Question.tsx"

// The settings and the dialog for channels come next, so that they are there without a network, too.
fetchAhead([settingsFile, lanes])
