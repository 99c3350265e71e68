/** Light, dark, or as the system has it. */
import type { Shelf } from "./core/ports.ts"

export type Theme = "system" | "light" | "dark"
export const THEMES: readonly Theme[] = ["system", "light", "dark"]
const KEY = "theme"

export function preferredTheme(shelf: Shelf): Theme {
  const kept = shelf.get(KEY)
  return THEMES.find((theme) => theme === kept) ?? "system"
}

/** styles/colors.css takes it from here. */
export function applyTheme(theme: Theme): void {
  const root = document.documentElement
  if (theme === "system") delete root.dataset["theme"]
  else root.dataset["theme"] = theme
}

export function keepTheme(shelf: Shelf, theme: Theme): void {
  shelf.set(KEY, theme)
  applyTheme(theme)
}
