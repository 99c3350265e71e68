/**
 * Keeps the page as high as what can be seen of it, also where a phone's keyboard lies over the page instead of making it
 * smaller (Safari): visualViewport knows, CSS units do not.
 */
export function followViewport(): void {
  const view = window.visualViewport
  if (view === null) return
  const follow = () => {
    // Zoomed in with two fingers, the visible part is smaller on purpose.
    if (view.scale > 1) return
    document.documentElement.style.setProperty("--visible-height", `${view.height}px`)
    window.scrollTo(0, 0)
  }
  view.addEventListener("resize", follow)
  follow()
}
