/** One file of the build: what is beside the conversation, too, but seldom, or only once somebody asks for it. */
export { ComingsPlace } from "../comings/ComingsPlace.tsx"
export { CharactersLeft, PasteCut } from "../composer/CharactersLeft.tsx"
export { EmojiPopover } from "../emoji/EmojiPopover.tsx"
export { Failed } from "../message/Failed.tsx"
export { Imported } from "../message/Imported.tsx"
export { ArchiveButton } from "../sidebar/ArchiveButton.tsx"
export { UpdatePrompt } from "../UpdatePrompt.tsx"
export { ClosedNote } from "./ClosedNote.tsx"
