/** One file of the build: what admins look after. */

export { AdministrationDialog } from "./AdministrationDialog.tsx"
