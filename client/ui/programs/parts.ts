/** What admins do about programs is in a file of its own. */
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"

const programs = file(
  async () =>
    (await Promise.all([import("./programs.ts"), ...(["beside", "later", "programs"] as const).map(loadTexts)]))[0],
)

export const managePrograms = part(programs, ({ ProgramsDialog }) => ProgramsDialog, true)
export const programsPanel = part(programs, ({ ProgramsPanel }) => ProgramsPanel)
