/**
 * ALTCHA's widget for strict content security policies, and its worker from our own origin.
 *
 * Loaded when somebody starts to fill in the form. It is not seen: our challenges ask nothing of people, and what goes wrong
 * is said by the door. Pointer and scroll recording is off: nobody is to be watched here.
 */

import worker from "url:altcha/workers/pbkdf2"
import type { AltchaGlobal, Configuration, WidgetMethods } from "altcha/types"
import { trustedScript } from "../../browser/trusted.ts"
import { ahead } from "../../core/ahead.ts"
import { inTime } from "../../core/inTime.ts"

type Widget = HTMLElement & WidgetMethods

const SOLVE_MS = 90_000
const MOUNT_MS = 10_000
/** The server takes an answer for ten minutes; what is nearly as old is not worth sending. */
const KEPT_MS = 8 * 60_000
/** A challenge that could not be fetched is fetched once more by itself. */
const RUNS = 2

export async function placeAltcha(container: HTMLElement, room: string) {
  await import("altcha/external")
  // as: altcha/external puts itself there when it is imported.
  const { algorithms, defaults } = (globalThis as unknown as { $altcha: AltchaGlobal }).$altcha
  algorithms.set("PBKDF2/SHA-256", () => new Worker(trustedScript(worker)))
  // Before there is an element: its footer is a string of HTML, which this page forbids.
  defaults.set({ hideFooter: true, hideLogo: true, humanInteractionSignature: false })
  // as: the element that altcha/external defines.
  const widget = document.createElement("altcha-widget") as Widget
  const configuration: Partial<Configuration> = {
    challenge: `/api/rooms/${encodeURIComponent(room)}/challenge`,
    display: "invisible",
    name: "",
    timeout: SOLVE_MS,
  }
  widget.setAttribute("configuration", JSON.stringify(configuration))
  widget.hidden = true
  const mounted = new Promise((resolve) => widget.addEventListener("load", resolve, { once: true }))
  container.replaceChildren(widget)
  await inTime(mounted, MOUNT_MS)
  return {
    ask: ahead(
      () => solve(widget),
      KEPT_MS,
      () => performance.now(),
    ),
    dispose: () => widget.remove(),
  }
}

/** What `verify` answers is what counts: the widget's state may be that of another run, or of a clock that is wrong. */
async function solve(widget: Widget): Promise<string> {
  for (let run = 0; run < RUNS; run++) {
    const solved = await inTime(widget.verify(), SOLVE_MS)
    if (solved?.payload) return solved.payload
  }
  throw new Error(`proof of work: ${widget.getState()}`)
}
