/** Sizes as people read them: "18.4 MB". Units of a thousand, as systems and shops count them. */
import type { Translator } from "../../i18n/translate.ts"

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"]

export function sizeOf(t: Translator, bytes: number): string {
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1)
  const value = bytes / 1_000 ** step
  const digits = step > 1 && value < 100 ? 1 : 0
  const unit = UNITS[step] ?? "byte"
  return new Intl.NumberFormat(t.language, { style: "unit", unit, maximumFractionDigits: digits }).format(value)
}

/** "1:05" */
export function durationOf(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  const two = (value: number) => `${value}`.padStart(2, "0")
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`
}

/** "45 %", as the language writes it. */
export function percent(t: Translator, part: number): string {
  return new Intl.NumberFormat(t.language, { style: "percent" }).format(part)
}
