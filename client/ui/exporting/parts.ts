/** What few do at any visit is in a file of its own. */
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"

const exporting = file(
  async () =>
    (await Promise.all([import("./exporting.ts"), ...(["beside", "later", "export"] as const).map(loadTexts)]))[0],
)

export const exportRoom = part(exporting, ({ ExportDialog }) => ExportDialog, true)
