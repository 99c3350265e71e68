/** Other ways in, downloaded when somebody wants to take one. */
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"

const codes = file(async () => (await Promise.all([import("./RecoveryForm.tsx"), loadTexts("recovery")]))[0])

export const recoveryForm = part(codes, ({ RecoveryForm }) => RecoveryForm)
