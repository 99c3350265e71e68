/** One file of the build: taking along what was said. */

export { ExportDialog } from "./ExportDialog.tsx"
