/** Turnstile's script and widget as promises. */

import { TURNSTILE_SCRIPT, trustedScript } from "../../browser/trusted.ts"
import { inTime } from "../../core/inTime.ts"

interface Api {
  render(container: HTMLElement, options: Record<string, unknown>): string
  reset(id: string): void
  remove(id: string): void
}

export interface PlacedTurnstile {
  ask(): Promise<string>
  dispose(): void
}

interface Options {
  readonly siteKey: string
  readonly theme: "auto" | "light" | "dark"
  readonly language: string
}

/** What fails so often is begun anew without a word. */
const REPEATS = 1
/** Bound into the answer; the server checks it. */
const ACTION = "login"
const LOAD_MS = 10_000
const ANSWER_MS = 60_000

export async function loadTurnstile(): Promise<{ place(container: HTMLElement, options: Options): PlacedTurnstile }> {
  const api = await loadApi()
  return { place: (container, options) => place(api, container, options) }
}

// as: Turnstile's script puts itself there.
const present = () => (globalThis as { turnstile?: Api }).turnstile

function loadApi(): Promise<Api> {
  const loaded = present()
  if (loaded !== undefined) return Promise.resolve(loaded)
  return new Promise((resolve, reject) => {
    const script = document.createElement("script")
    const fail = () => {
      script.remove()
      reject(new Error("Turnstile did not load"))
    }
    const timer = setTimeout(fail, LOAD_MS)
    script.addEventListener("error", fail)
    script.addEventListener("load", () => {
      clearTimeout(timer)
      const api = present()
      if (api === undefined) fail()
      else resolve(api)
    })
    script.src = trustedScript(TURNSTILE_SCRIPT)
    document.head.append(script)
  })
}

function place(api: Api, container: HTMLElement, { siteKey, theme, language }: Options): PlacedTurnstile {
  let token: string | null = null
  let failures = 0
  let waiting: { resolve: (token: string) => void; reject: (error: Error) => void } | null = null
  const id = api.render(container, {
    sitekey: siteKey,
    action: ACTION,
    theme,
    language,
    size: "flexible",
    // It takes no room unless it asks something.
    appearance: "interaction-only",
    callback: (given: string) => {
      failures = 0
      token = given
      waiting?.resolve(given)
    },
    // It makes another one by itself.
    "expired-callback": () => {
      token = null
    },
    "error-callback": () => {
      failures += 1
      if (failures <= REPEATS) api.reset(id)
      else waiting?.reject(new Error("Turnstile failed"))
      return true // or it says so in the console
    },
  })
  return {
    ask: async () => {
      if (failures > REPEATS) {
        failures = 0
        api.reset(id)
      }
      const answer =
        token ?? (await inTime(new Promise<string>((resolve, reject) => (waiting = { resolve, reject })), ANSWER_MS))
      token = null
      waiting = null
      api.reset(id)
      return answer
    },
    dispose: () => api.remove(id),
  }
}
