/**
 * ALTCHA's widget for strict content security policies, and its worker from our own origin.
 *
 * Loaded when somebody starts to fill in the form. Pointer and scroll recording is off: nobody is to be watched here.
 */

import styles from "url:altcha/altcha.css"
import worker from "url:altcha/workers/pbkdf2"
import type { AltchaGlobal, Configuration, WidgetMethods } from "altcha/types"
import { trustedScript } from "../../trusted.ts"

type Widget = HTMLElement & WidgetMethods

const SOLVE_MS = 90_000

export async function placeAltcha(container: HTMLElement, room: string, language: string) {
  addStyles()
  await import("altcha/external")
  if (language === "ru") await import("altcha/i18n/ru")
  // as: altcha/external puts itself there when it is imported.
  const { algorithms, defaults } = (globalThis as unknown as { $altcha: AltchaGlobal }).$altcha
  algorithms.set("PBKDF2/SHA-256", () => new Worker(trustedScript(worker)))
  // Before there is an element: its footer is a string of HTML, which this page forbids.
  defaults.set({ hideFooter: true, hideLogo: true, humanInteractionSignature: false })
  // as: the element that altcha/external defines.
  const widget = document.createElement("altcha-widget") as Widget
  const configuration: Partial<Configuration> = {
    auto: "onload",
    challenge: `/api/rooms/${encodeURIComponent(room)}/challenge`,
    language,
    name: "",
    timeout: SOLVE_MS,
  }
  widget.setAttribute("configuration", JSON.stringify(configuration))
  container.replaceChildren(widget)

  let payload: string | null = null
  const onState = (event: Event) => {
    payload = event instanceof CustomEvent && typeof event.detail?.payload === "string" ? event.detail.payload : null
  }
  widget.addEventListener("statechange", onState)
  return {
    ask: () => take(widget, () => payload),
    dispose: () => {
      widget.removeEventListener("statechange", onState)
      widget.remove()
    },
  }
}

/** The answer, which is then used up: the widget starts on the next one. */
async function take(widget: Widget, current: () => string | null): Promise<string> {
  const solved = current() ?? (await solve(widget, current))
  widget.reset()
  void widget.verify()
  return solved
}

async function solve(widget: Widget, current: () => string | null): Promise<string> {
  if (widget.getState() !== "verifying") void widget.verify()
  return new Promise((resolve, reject) => {
    const onState = () => {
      const payload = current()
      const state = widget.getState()
      if (payload !== null) resolve(payload)
      else if (state === "verifying" || state === "unverified") return
      else reject(new Error(`proof of work: ${state}`))
      widget.removeEventListener("statechange", onState)
    }
    widget.addEventListener("statechange", onState)
  })
}

function addStyles(): void {
  if (document.querySelector(`link[href="${styles}"]`) !== null) return
  const link = document.createElement("link")
  link.rel = "stylesheet"
  link.href = styles
  document.head.append(link)
}
