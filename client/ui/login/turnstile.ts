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
  let waiting: { resolve: (token: string) => void; reject: (error: Error) => void } | null = null
  const id = api.render(container, {
    sitekey: siteKey,
    action: ACTION,
    theme,
    language,
    size: "flexible",
    callback: (given: string) => {
      token = given
      waiting?.resolve(given)
    },
    "expired-callback": () => {
      token = null
    },
    "error-callback": () => waiting?.reject(new Error("Turnstile failed")),
  })
  return {
    ask: async () => {
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
