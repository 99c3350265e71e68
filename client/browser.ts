/** The ports of the core in a real browser. */
import type { Ports, Shelf, Tabs } from "./core/ports.ts"
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

/** localStorage, which throws where the browser forbids it. */
function localShelf(): Shelf {
  const prefix = "durable-chat:"
  const attempt = <T>(use: () => T, otherwise: T): T => {
    try {
      return use()
    } catch {
      return otherwise
    }
  }
  return {
    get: (key) => attempt(() => localStorage.getItem(prefix + key), null),
    set: (key, value) => attempt(() => localStorage.setItem(prefix + key, value), undefined),
    remove: (key) => attempt(() => localStorage.removeItem(prefix + key), undefined),
  }
}

/** A tab is open as long as it holds the lock of its name. */
function thisTab(): Tabs {
  const own = crypto.randomUUID()
  const lockOf = (tab: string) => `durable-chat:tab:${tab}`
  void navigator.locks?.request(lockOf(own), () => new Promise(() => undefined))
  return {
    own,
    isOpen: async (tab) => {
      const held = (await navigator.locks?.query())?.held ?? []
      return held.some(({ name }) => name === lockOf(tab))
    },
  }
}
