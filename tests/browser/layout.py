"""What is wrong with where things stand on a page: cut off, over one another, out of the window."""

from playwright.sync_api import Page

# What may be wider than its place, and is scrolled there.
_WIDE = ".code-block, .code-block *, .message__table, .tray__items, .viewer__strip"
# What lies over a list that scrolls beneath it.
_PASSING = ".channel-list__unread, .ways-back, .top-day, .jump, .notice, .line-banner"

_LOOK = """([wide, passing]) => {
  const people = document.querySelector(".people")
  const drawer = people && getComputedStyle(people).position === "fixed" ? people : null
  const found = (selector) => document.querySelector(selector)
  const root = found("dialog[open]") ?? found(".sidebar--open") ?? drawer ?? document.body
  const troubles = []
  const called = (each) => {
    const words = (each.getAttribute("aria-label") ?? each.textContent ?? "").trim().slice(0, 40)
    return `${each.tagName.toLowerCase()}.${each.className} "${words}"`
  }
  const isSeen = (each) =>
    each.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    !each.closest(".for-listeners, svg, option, [aria-hidden=true]")
  const hasText = (each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "")
  const isControl = (each) => each.matches("button, a, input, select, textarea, summary")

  if (document.scrollingElement.scrollWidth > innerWidth) troubles.push("the page scrolls sideways")

  /** What of a box the boxes around it let through. */
  const shownOf = (each) => {
    let { left, top, right, bottom } = each.getBoundingClientRect()
    let fixed = getComputedStyle(each).position === "fixed"
    for (let around = each.parentElement; around && !fixed; around = around.parentElement) {
      const style = getComputedStyle(around)
      if (style.overflowX !== "visible" || style.overflowY !== "visible") {
        const clip = around.getBoundingClientRect()
        left = Math.max(left, clip.left)
        top = Math.max(top, clip.top)
        right = Math.min(right, clip.right)
        bottom = Math.min(bottom, clip.bottom)
      }
      fixed = style.position === "fixed" || around.tagName === "DIALOG"
    }
    return { left, top, right, bottom }
  }

  for (const each of root.querySelectorAll("*")) {
    if (!isSeen(each) || each.matches(wide)) continue
    const style = getComputedStyle(each)
    const box = each.getBoundingClientRect()
    const isShortened = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none"
    const hides = (overflow) => overflow === "hidden" || overflow === "clip"
    if (each.clientWidth > 0 && !isShortened && each.tagName !== "INPUT") {
      const isWider = each.scrollWidth > each.clientWidth + 1
      const isHigher = each.scrollHeight > each.clientHeight + 1
      if (isWider && hides(style.overflowX)) troubles.push(`cut off at the side: ${called(each)}`)
      if (isHigher && hides(style.overflowY)) troubles.push(`cut off below: ${called(each)}`)
      if (isWider && /auto|scroll/.test(style.overflowX)) troubles.push(`scrolls sideways: ${called(each)}`)
      const isText = hasText(each) && !each.matches(".avatar")
      if (isWider && style.overflowX === "visible" && isText) troubles.push(`wider than its box: ${called(each)}`)
    }
    if (!isControl(each) && !hasText(each)) continue
    if (box.left < -1 || box.right > innerWidth + 1) troubles.push(`out of the window: ${called(each)}`)
    if (style.pointerEvents === "none") continue
    const { left, top, right, bottom } = shownOf(each)
    const [x, y] = [(left + right) / 2, (top + bottom) / 2]
    if (right - left < 2 || bottom - top < 2 || x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue
    const above = document.elementFromPoint(x, y)
    const isReached = above && (each.contains(above) || above.contains(each) || above.closest(passing))
    if (!isReached) troubles.push(`under ${above ? called(above) : "nothing"}: ${called(each)}`)
  }
  return troubles
}"""


def misplaced(page: Page) -> list[str]:
    """What is cut off, covered or out of the window, of what lies above the page, or of the page."""
    return list(page.evaluate(_LOOK, [_WIDE, _PASSING]))
