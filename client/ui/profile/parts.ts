/** How one looks, and for admins how the room does: downloaded when somebody first changes it. */
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"

const looks = file(
  async () =>
    (
      await Promise.all([
        import("./profile.ts"),
        ...(["beside", "later", "profile", "recovery"] as const).map(loadTexts),
      ])
    )[0],
)

export const ownProfile = part(looks, ({ ProfileDialog }) => ProfileDialog)
export const roomLook = part(looks, ({ RoomDialog }) => RoomDialog)
