/** One file of the build: links that let somebody in, for people who make some. */

export { DeviceLinkDialog } from "./DeviceLinkDialog.tsx"
export { InviteDialog } from "./InviteDialog.tsx"
export { InviteList } from "./InviteList.tsx"
