/**
 * What a tool is to do: JSON on standard input, from the script in bin/ that starts it. Secrets come this way, never on a
 * command line that other programs can read.
 */
import { text as textOf } from "node:stream/consumers"
import type { Shape } from "../core/shape.ts"
import { Trouble } from "./trouble.ts"

export const readOrder = async <T>(shape: Shape<T>): Promise<T> =>
  shape(JSON.parse(await textOf(process.stdin)), "order")

/**
 * Runs a tool until it is done or somebody presses Ctrl-C.
 *
 * @param work its result is the exit status; it hears of the interruption by `signal`.
 */
export async function run(work: (signal: AbortSignal) => Promise<number>): Promise<void> {
  const stop = new AbortController()
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort(new Trouble("Stopped.")))
  process.exit(await statusOf(work, stop.signal))
}

/** The tool ends by itself then: clocks of what was waited for may still run, for half a minute. */
async function statusOf(work: (signal: AbortSignal) => Promise<number>, signal: AbortSignal): Promise<number> {
  try {
    return await work(signal)
  } catch (error) {
    const words = error instanceof Trouble ? error.message : error instanceof Error ? error.stack : String(error)
    await new Promise((resolve) => process.stderr.write(`${words}\n`, resolve))
    return signal.aborted ? 130 : 1
  } finally {
    await new Promise((resolve) => process.stdout.write("", resolve))
  }
}
