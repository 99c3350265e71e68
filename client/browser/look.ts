/**
 * Runs before anything is painted, so that whoever chose dark sees no white page first. A script of its own that the page
 * waits for: nothing inline is allowed, and main.tsx runs only when all of it has come.
 */
import { applyTheme, THEME_KEY, themeNamed } from "./theme.ts"

try {
  applyTheme(themeNamed(localStorage.getItem(`durable-chat:${THEME_KEY}`)))
} catch {
  // A browser that keeps nothing: then the system's.
}
