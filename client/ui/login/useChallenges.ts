/**
 * The answers of the bot checks that are on the page.
 *
 * Each widget registers how to ask it; an answer is accepted once, so every attempt asks anew.
 */
import { useMemo } from "react"
import type { ChallengeAnswers } from "../../core/entrance.ts"

export type ChallengeName = "altcha" | "turnstile"
type Ask = () => Promise<string>

export interface ChallengeDesk {
  register(name: ChallengeName, ask: Ask): () => void
  /** Rejects when a widget has no answer. */
  answers(wanted: readonly ChallengeName[]): Promise<ChallengeAnswers>
}

/** How long a widget may take to appear on the page. */
const WIDGET_MS = 10_000
const LOOK_EVERY_MS = 100

export function useChallenges(): ChallengeDesk {
  return useMemo(createDesk, [])
}

function createDesk(): ChallengeDesk {
  const asks = new Map<ChallengeName, Ask>()
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
    answers: async (wanted) => {
      const given = await Promise.all(wanted.map(async (name) => [name, await (await find(name))()] as const))
      return Object.fromEntries(given)
    },
  }
}
