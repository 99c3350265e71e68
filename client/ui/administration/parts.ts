/** What only admins see is in a file of its own. */
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"

const looking = file(
  async () =>
    (
      await Promise.all([
        import("./administration.ts"),
        ...(["beside", "later", "settings", "administration"] as const).map(loadTexts),
      ])
    )[0],
)

export const administration = part(looking, ({ AdministrationDialog }) => AdministrationDialog)
