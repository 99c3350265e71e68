/** Polls: what a message that is one asks, who has chosen what, and the same as a text (docs/protocol.md, "Polls"). */
import { dictionary, flag, list, Misshapen, number, object, orElse, type Shaped, text } from "./shape.ts"

export const MOST_OPTIONS = 10
export const MOST_QUESTION = 250
export const MOST_OPTION = 100

export type PollRequest =
  | {
      type: "poll.create"
      id: string
      channel: string
      question: string
      options: readonly string[]
      multiple: boolean
    }
  | { type: "vote"; id: string; channel: string; options: readonly number[] }
  | { type: "poll.close"; id: string; channel: string }

export const poll = object({
  question: text,
  options: list(text),
  multiple: flag,
  /** What each member has chosen; nothing, if they took it back. */
  votes: orElse(dictionary(list(number)), {}),
  closed_at: orElse<number | undefined>(number, undefined),
  closed_by: orElse<string | undefined>(text, undefined),
})
export type Poll = Shaped<typeof poll>

/** What a message asks; null if it asks nothing, or what this version does not understand. */
export function pollOf(message: { readonly poll?: unknown }): Poll | null {
  try {
    return message.poll ? poll(message.poll, "poll") : null
  } catch (error) {
    if (error instanceof Misshapen) return null
    throw error
  }
}

/** Who has chosen each option, and how many have chosen anything. */
export function tally({ options, votes }: Poll): {
  readonly chosen: readonly (readonly string[])[]
  readonly voters: number
} {
  const entries = Object.entries(votes)
  const chosen = options.map((_, option) => entries.flatMap(([member, own]) => (own.includes(option) ? [member] : [])))
  return { chosen, voters: entries.filter(([, own]) => own.length > 0).length }
}

/** What a message says; of a poll also what came of it, for whoever reads it where nobody votes. */
export function textWithVotes<T extends string | null>(message: {
  readonly body: T
  readonly poll?: unknown
}): T | string {
  const asked = pollOf(message)
  if (asked === null) return message.body
  const { chosen } = tally(asked)
  const lines = asked.options.map((option, place) => `- ${option} (${chosen[place]?.length ?? 0})`)
  return [`📊 ${asked.question}`, ...lines].join("\n")
}

/** The options that somebody has filled in, trimmed; null: fewer than two, or two that are the same. */
export function optionsOf(lines: readonly string[]): readonly string[] | null {
  const filled = lines.map((line) => line.trim()).filter((line) => line !== "")
  return filled.length < 2 || new Set(filled).size < filled.length ? null : filled
}
