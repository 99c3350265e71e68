/** What secures a name is downloaded when there is something to do about it. */
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"

const own = file(async () => (await Promise.all([import("./own.ts"), loadTexts("beside"), loadTexts("recovery")]))[0])

export const offer = part(own, ({ Offer }) => Offer)
export const ownName = part(own, ({ OwnName }) => OwnName)
export const recovery = part(own, ({ RecoveryDialog }) => RecoveryDialog)
export const secureFirst = part(own, ({ SecureFirst }) => SecureFirst)
