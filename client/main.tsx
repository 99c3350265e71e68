/** Starts the client: language, look, the way in. */
import { createRoot } from "react-dom/client"
import { guardComposition } from "./browser/composition.ts"
import { guardDrops } from "./browser/drops.ts"
import { pendingInvitation } from "./browser/invitation.ts"
import { roomFromPath } from "./browser/places.ts"
import { browserPorts } from "./browser/ports.ts"
import { applyTheme, preferredTheme } from "./browser/theme.ts"
import { outliveTranslation } from "./browser/translation.ts"
import { followViewport } from "./browser/viewport.ts"
import { createEntrance } from "./core/entrance.ts"
import { loadTranslator, preferredLanguage } from "./i18n/load.ts"
import { App, foresee } from "./ui/App.tsx"

// Both screens show these. Here they are one file fewer for the page to wait for.
export { Icon } from "./ui/kit/Icon.tsx"
export { IconButton } from "./ui/kit/IconButton.tsx"
export { Lazy } from "./ui/kit/Lazy.tsx"
export { useWait } from "./ui/login/useWait.ts"

async function start() {
  const ports = browserPorts()
  const { shelf } = ports
  applyTheme(preferredTheme(shelf))
  followViewport()
  guardComposition(window)
  guardDrops(window)
  outliveTranslation(document.body)
  const entrance = createEntrance(roomFromPath(location.pathname), ports)
  void entrance.start()
  foresee(entrance.isRemembered(), pendingInvitation(entrance.room) !== null)
  const container = document.getElementById("app")
  if (container === null) throw new Error("index.html has no #app")
  const translator = await loadTranslator(preferredLanguage(shelf, navigator.languages)).catch(() => null)
  if (translator === null) return sayNothingCame(container)
  createRoot(container).render(<App entrance={entrance} ports={ports} translator={translator} />)
}

/** Not even the words could be downloaded. */
function sayNothingCame(container: HTMLElement) {
  const button = document.createElement("button")
  button.className = "button button--primary nothing-came"
  button.textContent = "The chat did not load. Try again · Чат не загрузился. Повторить"
  button.addEventListener("click", () => location.reload())
  container.replaceChildren(button)
  button.focus()
}

void start()
