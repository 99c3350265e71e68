/** What reading and writing lead to, downloaded when it is first needed. */
import { loadTexts } from "../i18n/load.ts"
import { file, part } from "./kit/part.ts"
import { seldom } from "./quiet.ts"

/** Dialogs say why something was refused, too. */
export const dialogTexts = () => [loadTexts("beside"), loadTexts("later")]
export const later = file(async () => (await Promise.all([import("./later.ts"), ...dialogTexts()]))[0])
const completing = file(async () => (await Promise.all([import("./composer/Completer.tsx"), loadTexts("beside")]))[0])

/** What is fetched before anybody asks for it. */
export const AHEAD = [seldom, later]

export const completer = part(completing, ({ Completer }) => Completer)
export const alerts = part(later, ({ AlertList }) => AlertList)
export const editor = part(later, ({ MessageEditor }) => MessageEditor)
export const misnamed = part(completing, ({ Misnamed }) => Misnamed)
export const question = part(later, ({ Question }) => Question)
