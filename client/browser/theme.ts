/** Light, dark, or as the system has it. */
import type { Shelf } from "../core/ports.ts"

export type Theme = "system" | "light" | "dark"
export const THEMES: readonly Theme[] = ["system", "light", "dark"]
export const THEME_KEY = "theme"

export function preferredTheme(shelf: Shelf): Theme {
  return themeNamed(shelf.get(THEME_KEY))
}

export function themeNamed(name: string | null): Theme {
  return THEMES.find((theme) => theme === name) ?? "system"
}

/** styles/colors.css takes it from here. */
export function applyTheme(theme: Theme): void {
  const root = document.documentElement
  if (theme === "system") delete root.dataset["theme"]
  else root.dataset["theme"] = theme
  // The bar of a phone's browser: each colour of index.html is for one scheme.
  for (const bar of document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")) {
    const scheme = bar.dataset["scheme"] ?? (bar.media.includes("dark") ? "dark" : "light")
    bar.dataset["scheme"] = scheme
    bar.media = theme === "system" ? `(prefers-color-scheme: ${scheme})` : theme === scheme ? "all" : "not all"
  }
}

/** One look fades into the other, where the browser can and the person does not mind. */
export function keepTheme(shelf: Shelf, theme: Theme): void {
  shelf.set(THEME_KEY, theme)
  const fades = "startViewTransition" in document && !matchMedia("(prefers-reduced-motion)").matches
  if (fades) document.startViewTransition(() => applyTheme(theme))
  else applyTheme(theme)
}
