/** Other rooms of this host: the list is downloaded when somebody opens it. */
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"

export const rooms = part(
  file(async () => (await Promise.all([import("./RoomsDialog.tsx"), loadTexts("rooms")]))[0]),
  ({ RoomsDialog }) => RoomsDialog,
)
