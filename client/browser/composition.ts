/**
 * Keys that belong to an input method, not to us: while letters are being composed (Chinese, Japanese, Korean, dead keys),
 * Enter, Escape, Tab and the arrows choose among its suggestions. One guard for every field of the page, those to come too.
 *
 * Chromium and Firefox say `isComposing`. Safari ends the composition first and sends the key afterwards: with the code 229,
 * or at least in the same task.
 */
const FROM_INPUT_METHOD = 229

export function guardComposition(page: Window): void {
  const { document, navigator } = page
  let field: EventTarget | null = null
  // A field may go away while somebody composes in it: it never says that this ended.
  const composing = () => field !== null && field === document.activeElement
  const listen = (type: string, listener: (event: Event) => void) => page.addEventListener(type, listener, true)

  listen("compositionstart", ({ target }) => {
    field = target
  })
  listen("compositionend", ({ target }) => {
    const forget = () => {
      if (field === target) field = null
    }
    // Keyboards of Android end the composition, and then comes an Enter that is meant.
    if (/Android/.test(navigator.userAgent)) forget()
    else page.setTimeout(forget)
  })
  listen("keydown", (event) => {
    if (!(event instanceof KeyboardEvent)) return
    if (event.isComposing || event.keyCode === FROM_INPUT_METHOD || composing()) event.stopImmediatePropagation()
  })
  for (const type of ["submit", "cancel"]) {
    listen(type, (event) => {
      if (!composing()) return
      event.stopImmediatePropagation()
      event.preventDefault()
    })
  }
}
