/** Emoji by the names that Slack and Mattermost have for them, all of them: of what emojiNames.ts writes the way back. */
import { iamcal } from "./emojiNames.ts"

export const emojisByName: ReadonlyMap<string, string> = new Map(
  Object.entries(iamcal).flatMap(([code, names]) => {
    const emoji = String.fromCodePoint(...code.split("-").map((sign) => Number.parseInt(sign, 16)))
    return [names].flat().map((name) => [name, emoji] as const)
  }),
)
