/**
 * The answers of the bot checks that are on the page.
 *
 * Each widget registers how to ask it; an answer is accepted once, so every attempt asks again.
 */
import { useMemo } from "react"
import type { ChallengeAnswers, ChallengeName } from "../../core/door.ts"

/** `fresh`: what was prepared was refused. */
type Ask = (fresh: boolean) => Promise<string>

export interface ChallengeDesk {
  register(name: ChallengeName, ask: Ask): () => void
  /** Rejects when a widget has no answer. Who asks meanwhile waits: a widget gives one answer after the other. */
  answers(wanted: readonly ChallengeName[], fresh: boolean): Promise<ChallengeAnswers>
}

/** How long a widget may take to appear on the page. */
const WIDGET_MS = 10_000
const LOOK_EVERY_MS = 100

export function useChallenges(): ChallengeDesk {
  return useMemo(createDesk, [])
}

function createDesk(): ChallengeDesk {
  const asks = new Map<ChallengeName, Ask>()
  let turn: Promise<unknown> = Promise.resolve()
  const find = async (name: ChallengeName): Promise<Ask> => {
    for (let waited = 0; waited < WIDGET_MS; waited += LOOK_EVERY_MS) {
      const ask = asks.get(name)
      if (ask !== undefined) return ask
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
    throw new Error(`no ${name}`)
  }
  return {
    register: (name, ask) => {
      asks.set(name, ask)
      return () => asks.delete(name)
    },
    answers: (wanted, fresh) => {
      const ask = async () => {
        const given = await Promise.all(wanted.map(async (name) => [name, await (await find(name))(fresh)] as const))
        return Object.fromEntries(given)
      }
      const answered = turn.then(ask)
      turn = answered.catch(() => undefined)
      return answered
    },
  }
}
