/** One file of the build: how somebody looks, and how the room does. */

export { ProfileDialog } from "./ProfileDialog.tsx"
export { RoomDialog } from "./RoomDialog.tsx"
