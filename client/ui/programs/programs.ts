/** One file of the build: programs that take part in the chat, for admins who manage them. */

export { ProgramsDialog } from "./ProgramsDialog.tsx"
export { ProgramsPanel } from "./ProgramsPanel.tsx"
