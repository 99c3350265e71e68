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

const roles = file(
  async () =>
    (await Promise.all([import("./roles.ts"), ...(["beside", "later", "administration"] as const).map(loadTexts)]))[0],
)

export const roleDialog = part(roles, ({ RoleDialog }) => RoleDialog)
export const roleOnCard = part(roles, ({ RoleOnCard }) => RoleOnCard)
export const administration = part(looking, ({ AdministrationDialog }) => AdministrationDialog, true)
