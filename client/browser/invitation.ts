/**
 * An invitation that somebody has followed and not yet used. The tab keeps it until they are in or do without it; it is
 * in the address only until look.ts runs.
 */
import type { Invitation } from "../core/invites.ts"

/** What stands for a link that is damaged. */
export const DAMAGED = ""

const keyOf = (room: string) => `durable-chat:${room}:invitation`
// as: where the browser keeps nothing it lasts as long as the page, which look.ts shares with main.tsx only.
const page = globalThis as unknown as Record<string, string | undefined>

export function keepInvitation({ room, secret }: Invitation): void {
  const key = keyOf(room)
  page[key] = secret ?? DAMAGED
  attempt(() => sessionStorage.setItem(key, secret ?? DAMAGED))
}

/** The secret of the invitation to this room, or DAMAGED; null: there is none. */
export function pendingInvitation(room: string): string | null {
  const key = keyOf(room)
  return page[key] ?? attempt(() => sessionStorage.getItem(key)) ?? null
}

export function dropInvitation(room: string): void {
  const key = keyOf(room)
  delete page[key]
  attempt(() => sessionStorage.removeItem(key))
}

function attempt<T>(use: () => T): T | null {
  try {
    return use()
  } catch {
    return null
  }
}
