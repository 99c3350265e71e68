/** What is downloaded once somebody is inside, and comes without a word. */
import { file, part } from "./kit/part.ts"

const quiet = file(() => import("./screen/Beside.tsx"))

export const beside = part(quiet, ({ Beside }) => Beside)
export const updatePrompt = part(quiet, ({ UpdatePrompt }) => UpdatePrompt)
