/** One file of the build: links that let somebody in, for people who make some. */

export { DeviceLinkDialog } from "./DeviceLinkDialog.tsx"
export { InvitationCard } from "./InvitationCard.tsx"
export { InviteDialog } from "./InviteDialog.tsx"
export { InviteList } from "./InviteList.tsx"
