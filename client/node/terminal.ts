/** Asks whoever has started the tool, at their terminal: standard input is the tool's order. */
import { closeSync, openSync, writeSync } from "node:fs"
import { createInterface } from "node:readline"
import { ReadStream } from "node:tty"

/** Asks until one of the answers is given; they are single letters. A terminal that is closed gives the last one. */
export type Ask = (question: string, answers: readonly string[]) => Promise<string>

/**
 * @param path of the terminal, such as /dev/pts/3.
 * @param signal ends a question that waits.
 */
export function terminalAt(path: string, signal: AbortSignal): Ask {
  return async (question, answers) => {
    const screen = openSync(path, "w")
    const keyboard = new ReadStream(openSync(path, "r"))
    const lines = createInterface({ input: keyboard })
    const ask = () => writeSync(screen, `${question} [${answers.join("/")}] `)
    try {
      return await new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason))
        lines.on("close", () => resolve(answers.at(-1) ?? ""))
        lines.on("line", (line) => {
          const given = answers.find((answer) => answer === line.trim().slice(0, 1).toLowerCase())
          if (given === undefined) ask()
          else resolve(given)
        })
        ask()
      })
    } finally {
      lines.close()
      keyboard.destroy()
      closeSync(screen)
    }
  }
}
