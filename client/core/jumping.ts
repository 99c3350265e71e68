/** Going to a day of a channel: to the first message of it, or of the next day that has any. */
import type { Chat } from "./chat.ts"
import { Refused } from "./requests.ts"

export const JUMPS = ["yesterday", "week", "month", "beginning"] as const
export type Jump = (typeof JUMPS)[number]

/** When the day begins that a jump leads to, in local time. */
export function startOf(jump: Jump, now: number): number {
  if (jump === "beginning") return 0
  const day = new Date(now)
  day.setHours(0, 0, 0, 0)
  if (jump === "month") {
    const date = day.getDate()
    day.setMonth(day.getMonth() - 1)
    // There is no 31st of every month: then its last day.
    if (day.getDate() !== date) day.setDate(0)
  } else day.setDate(day.getDate() - (jump === "week" ? 7 : 1))
  return day.getTime()
}

/** When the day begins that a date field names (`2026-11-30`), in local time; null: it names none. */
export function startOfDate(value: string): number | null {
  const [, year = "", month = "", date = ""] = /^(\d{4,})-(\d\d)-(\d\d)$/.exec(value) ?? []
  const at = new Date(Number(year), Number(month) - 1, Number(date)).getTime()
  return Number.isNaN(at) || year === "" ? null : Math.max(at, 0)
}

/** A day as a date field wants it. */
export function dateOf(at: number): string {
  const day = new Date(at)
  const two = (value: number) => String(value).padStart(2, "0")
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}

/**
 * Opens the open channel at the first message that was sent then or later; where there is none, at its end.
 *
 * @param wanted says, when the answer comes, whether anybody still waits for it.
 * @returns the code of the refusal, or null.
 */
export async function jumpTo(
  chat: Pick<Chat, "ask" | "open" | "toNewest">,
  channel: string,
  at: number,
  wanted: () => boolean,
): Promise<string | null> {
  const answer = await chat.ask({ type: "history", channel, at, limit: 1 })
  if (answer instanceof Refused) return answer.code
  if (!wanted() || answer.type !== "history") return null
  if (answer.at === null) chat.toNewest()
  else chat.open(channel, answer.at)
  return null
}
