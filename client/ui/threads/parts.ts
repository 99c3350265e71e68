/** The replies to a message, beside its channel: downloaded when they are first opened. */
import { loadBesideStyles } from "../../browser/besideStyles.ts"
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"

const texts = () => [loadTexts("beside"), loadTexts("kept"), loadBesideStyles()]

export const thread = part(
  file(async () => (await Promise.all([import("./Thread.tsx"), ...texts()]))[0]),
  ({ Thread }) => Thread,
)
