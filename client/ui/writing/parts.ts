/** What is at hand for writing is downloaded while nothing else is to be done. */
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"

const writing = file(
  async () => (await Promise.all([import("./Tools.tsx"), loadTexts("beside"), loadTexts("writing")]))[0],
)

export const toolKeys = part(writing, ({ ToolKeys }) => ToolKeys)
export const tools = part(writing, ({ Tools }) => Tools)
