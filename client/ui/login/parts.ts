/** Other ways in, downloaded when somebody wants to take one, or where the browser and the address allow it. */
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"

const codes = file(async () => (await Promise.all([import("./RecoveryForm.tsx"), loadTexts("recovery")]))[0])
const links = file(() => import("./LinkForm.tsx"))
const passkeys = file(
  async () => (await Promise.all([import("../passkeys/PasskeySignIn.tsx"), loadTexts("passkeys")]))[0],
)

export const linkForm = part(links, ({ LinkForm }) => LinkForm)
export const recoveryForm = part(codes, ({ RecoveryForm }) => RecoveryForm)
export const passkeySignIn = part(passkeys, ({ PasskeySignIn }) => PasskeySignIn)
