/** One file of the build: making somebody an admin, from the list of members or from their card. */

export { RoleDialog } from "./RoleDialog.tsx"
export { RoleOnCard } from "./RoleOnCard.tsx"
