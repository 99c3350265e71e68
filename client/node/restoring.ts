/**
 * Bringing a room back, over docs/protocol.md, "Restore": how far back it can go, and both halves of a restore.
 */
import type { Problem } from "../core/answers.ts"
import { type Answer, type Api, createApi, parseNothing } from "../core/api.ts"
import { number, object, type Shaped, text } from "../core/shape.ts"
import type { Place } from "./address.ts"
import { type Credentials, type Entered, enter, wordsFor } from "./entering.ts"
import type { NodePorts } from "./ports.ts"
import { Trouble } from "./trouble.ts"

const reach = object({ from: number, to: number, bookmark: text })
const gone = object({ undo: text, above: number })

export type Reach = Shaped<typeof reach>
export type Gone = Shaped<typeof gone>
export type Goal = { readonly at: number } | { readonly bookmark: string }

/** A room ends and begins within a second. */
const PAUSE_MS = 500
const PATIENCE_MS = 60_000

/** @throws Trouble if this member may not know, or there is no past. */
export const lookBack = async (api: Api, place: Place): Promise<Reach> =>
  required(await api.call("GET", "/restore", (value) => reach(value, "restore")), place)

/** The first half. @throws Trouble if the room does not go back; nothing was changed then, unless the answer was lost. */
export async function goBack(api: Api, place: Place, goal: Goal): Promise<Gone> {
  const answer = await api.call("POST", "/restore", (value) => gone(value, "restore"), goal)
  if (!answer.ok && answer.problem.code === "unreachable") throw new Trouble(LOST)
  return required(answer, place)
}

const LOST =
  "The answer did not come: the room may have gone back all the same, and browsers that were away would not see it." +
  " Start the same command again, so that it does both halves. What was there before is found by --at with a time before now."

/**
 * The second half: everybody loads anew. The session of the first half may not have existed at the time that is back, and
 * the name may have been somebody's, so this signs in again, if need be by a name of its own.
 *
 * @param newPorts without cookies.
 * @throws Trouble if the room does not come back, or lets nobody in.
 */
export async function countAbove(above: number, place: Place, newPorts: () => NodePorts, who: Credentials) {
  const ports = newPorts()
  await untilBack(place, ports)
  const entered = await enterSomehow(place, ports, who)
  required(await entered.api.call("PUT", "/restore", parseNothing, { above }), place)
  await untilBack(place, ports)
  await entered.leave()
}

async function enterSomehow(place: Place, ports: NodePorts, who: Credentials): Promise<Entered> {
  try {
    return await enter(place, ports, who)
  } catch (error) {
    if (who.password === null) throw error
    const name = `restore ${ports.uuid().slice(0, 8)}`
    return enter(place, ports, { name, password: who.password, recovery: null })
  }
}

/** @throws Trouble if that takes too long. */
async function untilBack(place: Place, ports: NodePorts): Promise<void> {
  const api = createApi(place.room, place.origin, ports.fetch)
  const { clock } = ports
  for (const until = clock.now() + PATIENCE_MS; clock.now() < until; ) {
    if ((await api.facts()).ok) return
    await new Promise<void>((resolve) => clock.after(PAUSE_MS, resolve))
  }
  throw new Trouble("The room does not come back.")
}

function required<T>(answer: Answer<T>, place: Place): T {
  if (answer.ok) return answer.value
  throw new Trouble(refusalWords(answer.problem, place))
}

function refusalWords(problem: Problem, place: Place): string {
  switch (problem.code) {
    case "forbidden":
      return "Only admins may do this: sign in with the admins' password (ADMIN_PASSWORD)."
    case "malformed":
    case "no_history":
    case "restarting":
      return problem.title
    default:
      return wordsFor(problem, place, null)
  }
}
