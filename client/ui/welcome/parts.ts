/** Who is alone in a room is shown around; nobody else downloads that. */
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"

const first = file(async () => {
  const [all] = await Promise.all([import("./Welcome.tsx"), loadTexts("welcome")])
  await all.furnish()
  return all
})

export const welcome = part(first, ({ Welcome }) => Welcome)
