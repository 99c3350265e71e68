/**
 * Makes a text area as high as its text, where the browser does not do so itself (`field-sizing` in the styles, which also
 * set the limits).
 *
 * Measured in a twin: an area that is made low first, to see how high it would like to be, moves everything around it.
 */
const growsItself = CSS.supports("field-sizing", "content")

export function fitHeight(area: HTMLTextAreaElement): void {
  if (growsItself) return
  // as: a clone is of the same kind.
  const twin = area.cloneNode() as HTMLTextAreaElement
  twin.value = area.value
  twin.inert = true
  twin.style.cssText = `position: absolute; visibility: hidden; height: 0; width: ${area.offsetWidth}px`
  area.after(twin)
  area.style.height = `${twin.scrollHeight + area.offsetHeight - area.clientHeight}px`
  twin.remove()
}
