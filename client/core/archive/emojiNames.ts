/** The names that Slack has for emoji, by code points; 15 kB that only its flavour needs. */
import names from "emojibase-data/en/shortcodes/iamcal.json" with { type: "json" }

export const iamcal: Readonly<Record<string, string | readonly string[]>> = names

/** Some have several: the first counts. */
export const slackNames: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(iamcal).map(([code, name]) => [code, typeof name === "string" ? name : (name[0] ?? "")]),
)
