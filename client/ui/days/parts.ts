/** The days of a channel and the way to each: downloaded while nothing else is to be done, or when somebody reads further back. */
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"

const ofDays = file(
  async () => (await Promise.all([import("./Days.tsx"), loadTexts("beside"), loadTexts("writing")]))[0],
)

export const days = part(ofDays, ({ Days }) => Days)
