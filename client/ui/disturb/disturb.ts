/** One file of the build: when one is not to be disturbed. */

export { DisturbDialog } from "./DisturbDialog.tsx"
export { DisturbPanel } from "./DisturbPanel.tsx"
