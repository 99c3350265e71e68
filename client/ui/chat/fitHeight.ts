/** Makes a text area as high as its text; styles set the limits. */
export function fitHeight(area: HTMLTextAreaElement): void {
  area.style.height = "auto"
  area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`
}
