/** JSON of strangers: a value, unless it is none or is nested deeper than anything that people mean. */
import { MOST_DEPTH } from "./limits.ts"

/** @returns why there is no value, where there is none. */
export function parsed(text: string): { readonly value: unknown } | "malformed" | "oversized" {
  if (isDeep(text)) return "oversized"
  try {
    return { value: JSON.parse(text) }
  } catch {
    return "malformed"
  }
}

/** Brackets outside of strings. */
function isDeep(text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x22:
        at = endOfString(text, at + 1)
        break
      case 0x5b:
      case 0x7b:
        depth += 1
        if (depth > MOST_DEPTH) return true
        break
      case 0x5d:
      case 0x7d:
        depth -= 1
    }
  }
  return false
}

/** Where the quotation mark stands that closes it. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0
    while (text.charCodeAt(at - 1 - escapes) === 0x5c) escapes += 1
    if (escapes % 2 === 0) return at
  }
  return text.length
}
