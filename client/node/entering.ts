/**
 * Signing in without a browser: password or recovery code, proof of work, and what the server's refusals mean for somebody
 * who has started a tool.
 */
import type { Problem, RoomFacts, Session } from "../core/answers.ts"
import { type Answer, type Api, createApi, type LoginRequest } from "../core/api.ts"
import { nameFrom } from "../core/door.ts"
import { stretch } from "../core/keys.ts"
import { asTyped, recoveryProof, troubleOf } from "../core/recovery.ts"
import type { Place } from "./address.ts"
import type { NodePorts } from "./ports.ts"
import { solve } from "./proofOfWork.ts"
import { Trouble } from "./trouble.ts"

/** What proves who somebody is. One of `password` and `recovery` has to be there. */
export interface Credentials {
  readonly name: string
  readonly password: string | null
  /** A recovery code as it was typed. */
  readonly recovery: string | null
}

export interface Entered {
  readonly api: Api
  readonly facts: RoomFacts
  readonly session: Session
  /** Signs out: the name is free again. Says nothing if that does not work. */
  leave(): Promise<void>
}

/** How often an answer to a challenge that was refused is replaced: they become harder after failed logins. */
const TRIES = 3

/** @throws Trouble if the room is not there, or lets nobody in who has only this. */
export async function enter(place: Place, ports: NodePorts, credentials: Credentials): Promise<Entered> {
  const api = createApi(place.room, place.origin, ports.fetch)
  const facts = required(await api.facts(), place)
  if (facts.challenges.includes("turnstile")) {
    throw new Trouble("This chat asks for Turnstile before a login, which only a browser can answer (BOT_PROTECTION).")
  }
  const proven = await prove(credentials, facts, ports)
  for (let left = TRIES; ; left--) {
    const altcha = facts.challenges.includes("altcha") ? { altcha: await proofOfWork(api, place, ports) } : {}
    const answer = await api.login({ ...proven, ...altcha })
    const isWorkRefused = !answer.ok && answer.problem.code === "challenge_failed" && left > 1
    if (isWorkRefused) continue
    const session = required(answer, place, credentials)
    return { api, facts, session, leave: async () => void (await api.leave()) }
  }
}

async function prove(given: Credentials, facts: RoomFacts, ports: NodePorts): Promise<LoginRequest> {
  const name = nameFrom(given.name)
  if (given.recovery !== null && troubleOf(given.recovery) !== null) {
    throw new Trouble("That is no recovery code: it has 20 letters and digits, such as ABCDE-FGHJK-MNPQR-STVWX.")
  }
  const proof = given.password === null ? {} : await proofOf(given.password, facts, ports)
  const code = given.recovery === null ? null : asTyped(given.recovery)
  const recovery = code === null ? {} : { recovery: await recoveryProof(code, facts.kdf.salt, ports.subtle) }
  return { name, ...proof, ...recovery }
}

async function proofOf(password: string, { kdf }: RoomFacts, { subtle }: NodePorts) {
  return { proof: (await stretch(password, kdf, subtle)).proof }
}

async function proofOfWork(api: Api, place: Place, { subtle }: NodePorts): Promise<string> {
  return solve(required(await api.call("GET", "/challenge", (value) => value), place), subtle)
}

function required<T>(answer: Answer<T>, place: Place, credentials: Credentials | null = null): T {
  if (answer.ok) return answer.value
  throw new Trouble(wordsFor(answer.problem, place, credentials))
}

/** @param credentials null before the login. */
export function wordsFor(problem: Problem, { origin, room }: Place, credentials: Credentials | null): string {
  const name = credentials?.name ?? ""
  const wait = problem.retry_after === null ? "" : ` Try again in ${Math.ceil(problem.retry_after)} seconds.`
  switch (problem.code) {
    case "unreachable":
      return `${origin} does not answer as a chat does. Is the address right, and is there a network?`
    case "not_found":
      return `${origin} has no room "${room}".`
    case "wrong_password":
      return "The password is wrong, or this room lets people in only by links: then a recovery code is needed."
    case "wrong_recovery":
      return "The name or the recovery code is wrong."
    case "name_taken":
      return problem.alike
        ? `"${name}" looks like the name of somebody else here. Choose another one.`
        : `"${name}" belongs to somebody who is here, or was within a day. Choose another name, or prove with the recovery` +
            " code that it is yours."
    case "banned":
      return `An admin of this room keeps "${name}" out.`
    case "too_many_attempts":
      return `There were too many attempts.${wait}`
    case "limit_reached":
      return "The room is full."
    default:
      return `The chat refused (${problem.code}). ${problem.title}${wait}`.trim()
  }
}
