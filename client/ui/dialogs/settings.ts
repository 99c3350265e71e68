/** One file of the build: what one chooses for oneself, and admins for the room. */
export { NotifyDialog } from "./NotifyDialog.tsx"
export { SettingsDialog } from "./SettingsDialog.tsx"
