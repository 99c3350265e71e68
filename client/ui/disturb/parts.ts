/** When one is not to be disturbed: downloaded when somebody first looks at it. */
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"

const disturb = file(
  async () =>
    (await Promise.all([import("./disturb.ts"), ...(["beside", "later", "disturb"] as const).map(loadTexts)]))[0],
)

export const disturbing = part(disturb, ({ DisturbDialog }) => DisturbDialog)
export const disturbPanel = part(disturb, ({ DisturbPanel }) => DisturbPanel)
