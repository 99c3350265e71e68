/** The ports of the core in a real browser. */
import { inTime } from "../core/inTime.ts"
import type { Ports, Shelf, Tabs } from "../core/ports.ts"
import { openVault } from "./vault.ts"

export function browserPorts(): Ports {
  return {
    fetch: (input, init) => fetch(input, init),
    WebSocket,
    subtle: crypto.subtle,
    uuid: () => crypto.randomUUID(),
    clock: {
      now: () => Date.now(),
      after: (ms, action) => {
        const timer = setTimeout(action, ms)
        return () => clearTimeout(timer)
      },
    },
    shelf: localShelf(),
    tabs: thisTab(),
    openVault,
    origin: location.origin,
    isOnline: () => navigator.onLine,
    isVisible: () => document.visibilityState === "visible",
  }
}

/** localStorage, which throws where the browser forbids it or it is full: then as long as the page lasts. */
function localShelf(): Shelf {
  const prefix = "durable-chat:"
  const kept = new Map<string, string | null>()
  const attempt = (use: () => void, otherwise: () => void) => {
    try {
      use()
    } catch {
      otherwise()
    }
  }
  const keep = (key: string, value: string | null, use: () => void) => {
    kept.delete(key)
    attempt(use, () => kept.set(key, value))
  }
  return {
    get: (key) => {
      let found = kept.get(key) ?? null
      if (!kept.has(key))
        attempt(
          () => (found = localStorage.getItem(prefix + key)),
          () => undefined,
        )
      return found
    },
    set: (key, value) => keep(key, value, () => localStorage.setItem(prefix + key, value)),
    remove: (key) => keep(key, null, () => localStorage.removeItem(prefix + key)),
    clear: (beginning) => {
      const all = prefix + beginning
      for (const key of [...kept.keys()]) if (key.startsWith(beginning)) kept.delete(key)
      attempt(
        () => {
          for (const key of Object.keys(localStorage)) if (key.startsWith(all)) localStorage.removeItem(key)
        },
        () => undefined,
      )
    },
    watch: (listener) => {
      const follow = ({ key, newValue, oldValue }: StorageEvent) => {
        if (key?.startsWith(prefix)) listener(key.slice(prefix.length), newValue, oldValue)
      }
      addEventListener("storage", follow)
      return () => removeEventListener("storage", follow)
    },
  }
}

const LOCKS_MS = 2_000

/** A tab is open as long as it holds the lock of its name. Where nobody can tell, the others count as closed. */
function thisTab(): Tabs {
  const own = crypto.randomUUID()
  const lockOf = (tab: string) => `durable-chat:tab:${tab}`
  void navigator.locks?.request(lockOf(own), () => new Promise(() => undefined)).catch(() => undefined)
  return {
    own,
    isOpen: async (tab) => {
      try {
        const held = (await inTime(navigator.locks.query(), LOCKS_MS)).held ?? []
        return held.some(({ name }) => name === lockOf(tab))
      } catch {
        return false
      }
    },
  }
}
