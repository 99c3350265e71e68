/** Loads the catalogue of one language; the others are not downloaded. */
import type { Shelf } from "../core/ports.ts"
import { createTranslator, type Language, languageFor, type Translator } from "./translate.ts"

const KEY = "language"
const catalogues = { en: () => import("./en.ts"), ru: () => import("./ru.ts") }

export function preferredLanguage(shelf: Shelf, languages: readonly string[]): Language {
  const chosen = shelf.get(KEY)
  return languageFor(chosen === null ? languages : [chosen])
}

export async function loadTranslator(language: Language): Promise<Translator> {
  const { texts } = await catalogues[language]()
  document.documentElement.lang = language
  const locale = navigator.languages.find((tag) => tag.toLowerCase().startsWith(language))
  return createTranslator(language, texts, locale)
}

export function keepLanguage(shelf: Shelf, language: Language): void {
  shelf.set(KEY, language)
}
