/** bin/restore: a room as it was at an earlier time (docs/restore.md). */
import { number, object, orNull, type Shaped, text } from "../../core/shape.ts"
import { placeOf } from "../address.ts"
import { enter } from "../entering.ts"
import { readOrder, run } from "../order.ts"
import { nodePorts } from "../ports.ts"
import { countAbove, goBack, lookBack } from "../restoring.ts"
import { Trouble } from "../trouble.ts"

const order = object({
  address: text,
  room: text,
  name: text,
  password: orNull(text),
  recovery: orNull(text),
  at: orNull(number),
  bookmark: orNull(text),
  above: orNull(number),
})

async function restore(given: Shaped<typeof order>): Promise<number> {
  const place = placeOf(given.address, given.room)
  const newPorts = () => nodePorts(place, "durable-chat-restore")
  if (given.above !== null) return finish(given, given.above)
  const { api, leave } = await enter(place, newPorts(), given)
  const goal = goalOf(given)
  if (goal === null) {
    const { from, to } = await lookBack(api, place).finally(leave)
    say(`Room ${place.room} can go back to any time from ${written(from + 999)} to ${written(to)}.`)
    return 0
  }
  const { undo, above } = await goBack(api, place, goal).catch(async (error: unknown) => {
    await leave()
    throw error
  })
  say(`Room ${place.room} goes back. To undo that, within 30 days:`)
  say(`  bin/restore ${given.address} --room ${place.room} --undo ${undo}`)
  return finish(given, above)

  async function finish(who: Shaped<typeof order>, number: number): Promise<number> {
    try {
      await countAbove(number, place, newPorts, who)
    } catch (error) {
      if (!(error instanceof Trouble)) throw error
      throw new Trouble(
        `${error.message}\nBrowsers that were away may not see what has changed until this works:\n` +
          `  bin/restore ${who.address} --room ${place.room} --finish ${number}`,
      )
    }
    say(`Room ${place.room} is back, and every browser loads it anew.`)
    return 0
  }
}

function goalOf({ at, bookmark }: Shaped<typeof order>) {
  if (at !== null) return { at }
  return bookmark === null ? null : { bookmark }
}

/** As `--at` takes it: in whole seconds. */
const written = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`

const say = (line: string) => void process.stdout.write(`${line}\n`)

await run(async () => restore(await readOrder(order)))
