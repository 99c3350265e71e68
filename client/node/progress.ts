/** How far a tool is: one line that changes on a terminal; elsewhere, as in the log of a nightly job, one now and then. */

const TERMINAL_MS = 100
const LOG_MS = 10_000
const CLEAR = "\r\u001b[2K"

export interface Display {
  readonly isTerminal: boolean
  readonly write: (text: string) => void
  readonly now: () => number
}

export function createProgress({ isTerminal, write, now }: Display) {
  const pause = isTerminal ? TERMINAL_MS : LOG_MS
  let shown = now()
  return {
    say: (line: () => string) => {
      if (now() - shown < pause) return
      shown = now()
      write(isTerminal ? `${CLEAR}  ${line()}` : `  ${line()}\n`)
    },
    /** Takes the line that changes away. */
    end: () => {
      if (isTerminal) write(CLEAR)
    },
  }
}

export const onStderr = (): Display => ({
  isTerminal: process.stderr.isTTY === true,
  write: (text) => void process.stderr.write(text),
  now: () => Date.now(),
})
