/** The list of one's passkeys is downloaded where passkeys work. */
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"

export const passkeys = part(
  file(async () => (await Promise.all([import("../passkeys/Passkeys.tsx"), loadTexts("passkeys")]))[0]),
  ({ Passkeys }) => Passkeys,
)
