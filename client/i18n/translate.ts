/** Chooses the words: one language at a time, plurals and dates as the language wants them. */
import type { TextKey, Texts } from "./en.ts"

export type { TextKey }
export type Language = "en" | "ru"
export const LANGUAGES: readonly { readonly id: Language; readonly name: string }[] = [
  { id: "en", name: "English" },
  { id: "ru", name: "Русский" },
]

export type Values = Readonly<Record<string, string | number>>

/** A text, or its forms by plural category of `count`. */
export type Text = string | (Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string })

export interface Translator {
  readonly language: Language
  (key: TextKey, values?: Values): string
  has(key: string): key is TextKey
  number(value: number): string
  time(at: number): string
  /** Hours and minutes without AM or PM, where room is short. */
  shortTime(at: number): string
  day(at: number, now: number): string
  moment(at: number): string
  /** "3 minutes ago" */
  ago(at: number, now: number): string
}

export function languageFor(preferred: readonly string[]): Language {
  const wanted = preferred.map((tag) => tag.slice(0, 2).toLowerCase())
  const spoken = wanted.flatMap((tag) => LANGUAGES.filter(({ id }) => id === tag))
  return spoken[0]?.id ?? "en"
}

export interface Region {
  /** How dates and numbers look: the region's way of the language that is spoken. */
  readonly locale: string
  /** Whether people there count twelve hours or twenty-four. */
  readonly hourCycle?: Intl.LocaleHourCycleKey | undefined
}

/** People who read in another language than their browser's still get its clock and its order of day and month. */
export function regionOf(language: Language, languages: readonly string[]): Region {
  try {
    const own = new Intl.Locale(languages[0] ?? language)
    const { region } = own.maximize()
    const locale = own.language === language || region === undefined ? own.toString() : `${language}-${region}`
    const { hourCycle } = new Intl.DateTimeFormat(own.toString(), { hour: "numeric" }).resolvedOptions()
    return { locale: locale.startsWith(language) ? locale : language, hourCycle }
  } catch {
    // A browser that calls its language what no standard knows.
    return { locale: language }
  }
}

export function createTranslator(
  language: Language,
  texts: Partial<Texts>,
  { locale, hourCycle }: Region = { locale: language },
): Translator {
  const plurals = new Intl.PluralRules(language)
  const numbers = new Intl.NumberFormat(locale)
  const own = hourCycle ?? new Intl.DateTimeFormat(locale, { hour: "numeric" }).resolvedOptions().hourCycle
  const hour = own === "h23" ? "2-digit" : "numeric" // 09:08 and 9:08 AM, which `numeric` does not promise
  const times = new Intl.DateTimeFormat(locale, { hour, minute: "2-digit", ...(hourCycle && { hourCycle }) })
  const days = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" })
  const daysWithYear = new Intl.DateTimeFormat(locale, { dateStyle: "long" })
  const moments = new Intl.DateTimeFormat(locale, {
    dateStyle: "full",
    timeStyle: "short",
    ...(hourCycle && { hourCycle }),
  })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" })

  const translate = (key: TextKey, values: Values = {}) => {
    const text: Text = texts[key] ?? ""
    const count = Number(values["count"] ?? 0)
    const form = typeof text === "string" ? text : (text[plurals.select(count)] ?? text.other)
    return form.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name] ?? ""
      return typeof value === "number" ? numbers.format(value) : value
    })
  }

  return Object.assign(translate, {
    language,
    has: (key: string): key is TextKey => key in texts,
    number: (value: number) => numbers.format(value),
    time: (at: number) => times.format(at),
    shortTime: (at: number) => {
      const parts = times.formatToParts(at).filter(({ type }) => type !== "dayPeriod")
      return parts
        .map(({ value }) => value)
        .join("")
        .trim()
    },
    day: (at: number, now: number) => {
      const back = daysBetween(at, now)
      if (Math.abs(back) < 2) return capital(relative.format(-back, "day"))
      return capital(
        new Date(at).getFullYear() === new Date(now).getFullYear() ? days.format(at) : daysWithYear.format(at),
      )
    },
    moment: (at: number) => moments.format(at),
    ago: (at: number, now: number) => {
      const minutes = Math.round((at - now) / 60_000)
      if (minutes > -1) return relative.format(0, "second")
      if (minutes > -60) return relative.format(minutes, "minute")
      if (minutes > -24 * 60) return relative.format(Math.round(minutes / 60), "hour")
      return relative.format(Math.round(minutes / 1440), "day")
    },
  })
}

/** Calendar days from `at` to `now`, in local time. */
function daysBetween(at: number, now: number): number {
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0)
  return Math.round((midnight(now) - midnight(at)) / 86_400_000)
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
