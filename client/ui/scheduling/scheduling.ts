/** One file of the build: sending later, and what is to be sent. */
export { ScheduledDialog } from "./ScheduledDialog.tsx"
export { SendLaterDialog } from "./SendLaterDialog.tsx"
