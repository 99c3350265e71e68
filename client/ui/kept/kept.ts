/** One file of the build: the lists of messages that people keep at hand. */

export { ActivityDialog } from "./ActivityDialog.tsx"
export { FormerDialog } from "./FormerDialog.tsx"
export { PinsDialog } from "./PinsDialog.tsx"
export { SavedDialog } from "./SavedDialog.tsx"
