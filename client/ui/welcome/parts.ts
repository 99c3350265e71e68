/** Who is alone in a room is shown around; nobody else downloads that. */
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"

const first = file(async () => (await Promise.all([import("./Welcome.tsx"), loadTexts("welcome")]))[0])

export const welcome = part(first, ({ Welcome }) => Welcome)
