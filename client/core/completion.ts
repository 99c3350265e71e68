/** The text under the caret while somebody writes: the beginning of a mention, of an emoji's name or of a command, or a smiley. */
import { isApostrophe } from "./inlines.ts"
import { findLinks } from "./links.ts"
import { mayBegin } from "./mentions.ts"
import { smiley } from "./smileys.ts"

export interface Trigger {
  readonly kind: "mention" | "emoji" | "command"
  /** What was typed after the sign. */
  readonly query: string
  /** The place of the sign in the text. */
  readonly start: number
}

/** A part of the text that something else is to take the place of. */
export interface Replacement {
  readonly start: number
  readonly end: number
  readonly by: string
}

/** A word that calls a bot begins a message, and nothing else does. */
const COMMAND = /^\/([\p{L}\p{M}\p{N}_-]{0,32})$/u
/** A name may have spaces: whether the list stays open depends on who has such a name. */
const MENTION = /[@＠]([^@＠\n]{0,60})$/u
const BEFORE_EMOJI = "(?<![\\p{Script=Latin}\\p{Script=Cyrillic}\\p{Script=Greek}\\p{N}_:/])"
// A smiley such as :-D is none, the thumb :-1: is.
const EMOJI = /* @__PURE__ */ new RegExp(`${BEFORE_EMOJI}:((?!-[^1])[\\p{L}\\p{M}\\p{N}_+-]{2,30})$`, "u")
const WHOLE_EMOJI = /* @__PURE__ */ new RegExp(`${BEFORE_EMOJI}:[a-z\\d_+-]{2,40}:$`, "iu")

export function triggerAt(text: string, caret: number): Trigger | null {
  const command = COMMAND.exec(text.slice(0, caret))?.[1]
  if (command !== undefined) return { kind: "command", query: command, start: 0 }
  const before = text.slice(Math.max(0, caret - 120), caret)
  const mention = MENTION.exec(before)?.[1]
  const emoji = EMOJI.exec(before)?.[1]
  const query = emoji ?? mention
  if (query === undefined) return null
  const start = caret - query.length - 1
  if (isCode(text, start)) return null
  if (emoji !== undefined) return { kind: "emoji", query, start }
  return mayBegin(text, start) && !isAddress(text, start) ? { kind: "mention", query, start } : null
}

/** What takes the trigger's place, with a space behind it unless a sign follows. */
export function completed(text: string, caret: number, trigger: Trigger, by: string): Replacement {
  const next = text.charAt(caret)
  const space = /^[\s\p{L}\p{N}]?$/u.test(next) && next !== "\n" ? " " : ""
  return { start: trigger.start, end: next === " " ? caret + 1 : caret, by: by + space }
}

/** `:tada:`, closed just now. */
export function emojiCodeBefore(text: string, caret: number): { start: number; code: string } | null {
  const code = WHOLE_EMOJI.exec(text.slice(Math.max(0, caret - 60), caret))?.[0]
  return code === undefined || isCode(text, caret - code.length) ? null : { start: caret - code.length, code }
}

/** The smiley that a space has just closed; the space is a part of it, so that undoing leaves the caret behind it. */
export function smileyBefore(text: string, caret: number): Replacement | null {
  const typed = /(\S+)\s$/.exec(text.slice(Math.max(0, caret - 6), caret))
  const by = smiley(typed?.[1] ?? "")
  if (typed === null || by === null) return null
  const start = caret - typed[0].length
  if (/\S/.test(text.charAt(start - 1)) || isCode(text, start)) return null
  return { start, end: caret, by: by + typed[0].slice(-1) }
}

/** Whether this place is inside of code: a fence that is open, or a tick of this line. */
function isCode(text: string, at: number): boolean {
  const before = text.slice(0, at)
  if ((before.match(/^[ \t>]*```/gm)?.length ?? 0) % 2 === 1) return true
  const line = before.slice(before.lastIndexOf("\n") + 1)
  let open = 0
  for (const { 0: ticks, index } of line.matchAll(/`+/g)) {
    if (open === ticks.length) open = 0
    else if (open === 0 && (ticks.length > 1 || !isApostrophe(line, index))) open = ticks.length
  }
  return open > 0
}

function isAddress(text: string, at: number): boolean {
  const from = Math.max(0, at - 500)
  const around = text.slice(from, at + 1)
  return findLinks(`${around}a`).some(({ start, end }) => start < at - from && end > at - from)
}
