/** One file of the build: what secures a name, which nobody needs to read and write, and most people use once. */

export { Offer } from "./Offer.tsx"
export { OwnName } from "./OwnName.tsx"
export { RecoveryDialog } from "./RecoveryDialog.tsx"
export { SecureFirst } from "./SecureFirst.tsx"
