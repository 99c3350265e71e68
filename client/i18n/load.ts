/** Loads the part of one language's catalogue that is shown; each other part is downloaded with what shows it. */
import type { Shelf } from "../core/ports.ts"
import type { Texts } from "./en.ts"
import type { Group } from "./groups.mjs"
import { createTranslator, type Language, languageFor, regionOf, type Translator } from "./translate.ts"

const KEY = "language"
const catalogues = {
  en: {
    first: () => import("./en.ts?first"),
    blocked: () => import("./en.ts?blocked"),
    door: () => import("./en.ts?door"),
    join: () => import("./en.ts?join"),
    beside: () => import("./en.ts?beside"),
    recovery: () => import("./en.ts?recovery"),
    passkeys: () => import("./en.ts?passkeys"),
  },
  ru: {
    first: () => import("./ru.ts?first"),
    blocked: () => import("./ru.ts?blocked"),
    door: () => import("./ru.ts?door"),
    join: () => import("./ru.ts?join"),
    beside: () => import("./ru.ts?beside"),
    recovery: () => import("./ru.ts?recovery"),
    passkeys: () => import("./ru.ts?passkeys"),
  },
}

type First = keyof (typeof catalogues)[Language]
export type LaterGroup = Exclude<Group, First>

/** Downloads one part; where those are that nobody needs at first is not known at first either. */
async function catalogue(language: Language, group: Group) {
  if (isFirst(group)) return catalogues[language][group]()
  return (await import("./more.ts")).more[language][group]()
}

function isFirst(group: Group): group is First {
  return group in catalogues.en
}

const wanted = new Set<Group>(["first"])
let spoken: Language = "en"
let texts: Partial<Texts> = {}
/** The language that was asked for last: whatever comes of an earlier choice, this one counts. */
let latest: Promise<Translator> | null = null

export function preferredLanguage(shelf: Shelf, languages: readonly string[]): Language {
  const chosen = shelf.get(KEY)
  return languageFor(chosen === null ? languages : [chosen])
}

export function loadTranslator(language: Language): Promise<Translator> {
  const loading: Promise<Translator> = load(language, () => (latest === loading ? null : latest))
  latest = loading
  return loading
}

async function load(language: Language, later: () => Promise<Translator> | null): Promise<Translator> {
  const groups = [...wanted]
  const loaded = await Promise.all(groups.map((group) => catalogue(language, group)))
  const instead = later()
  if (instead !== null) return instead
  // Meanwhile somebody may have asked for more.
  if (groups.length < wanted.size) return load(language, later)
  spoken = language
  texts = Object.assign({}, ...loaded.map((part) => part.texts))
  document.documentElement.lang = language
  return createTranslator(language, texts, regionOf(language, navigator.languages))
}

/** The texts of something that is about to be shown, in the language that is spoken now, and in those to come. */
export async function loadTexts(group: Group): Promise<void> {
  wanted.add(group)
  const language = spoken
  const loaded = await catalogue(language, group)
  if (language !== spoken) return loadTexts(group)
  Object.assign(texts, loaded.texts)
}

export function keepLanguage(shelf: Shelf, language: Language): void {
  shelf.set(KEY, language)
}
