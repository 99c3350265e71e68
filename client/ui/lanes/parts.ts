/** What private channels and direct messages want beyond reading and writing is downloaded when somebody first uses it. */
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"

export const lanes = file(
  async () =>
    (
      await Promise.all([
        import("./lanes.ts"),
        loadTexts("beside"),
        loadTexts("later"),
        loadTexts("settings"),
        loadTexts("lanes"),
        loadTexts("recovery"),
      ])
    )[0],
)

export const addPeople = part(lanes, ({ AddPeopleDialog }) => AddPeopleDialog)
export const channel = part(lanes, ({ ChannelDialog }) => ChannelDialog)
export const direct = part(lanes, ({ DirectDialog }) => DirectDialog)
export const inLane = part(lanes, ({ InLane }) => InLane)
export const person = part(lanes, ({ PersonDialog }) => PersonDialog)
export const privateChannels = part(lanes, ({ PrivateChannels }) => PrivateChannels)
