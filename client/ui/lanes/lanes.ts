/** One file of the build: who is in a channel, who may talk with whom, and what a channel is. */

export { ChannelDialog } from "../dialogs/ChannelDialog.tsx"
export { AddPeopleDialog } from "./AddPeopleDialog.tsx"
export { DirectDialog } from "./DirectDialog.tsx"
export { InLane } from "./InLane.tsx"
export { PersonDialog } from "./PersonDialog.tsx"
export { PrivateChannels } from "./PrivateChannels.tsx"
