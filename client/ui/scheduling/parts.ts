/** Sending later: downloaded when somebody first wants it. Its list says what lists of kept messages say. */
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"

const scheduling = file(
  async () =>
    (
      await Promise.all([import("./scheduling.ts"), loadTexts("beside"), loadTexts("kept"), loadTexts("scheduling")])
    )[0],
)

export const sendLater = part(scheduling, ({ SendLaterDialog }) => SendLaterDialog)
export const scheduled = part(scheduling, ({ ScheduledDialog }) => ScheduledDialog, true)
