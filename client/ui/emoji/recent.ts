/** The emoji somebody used last, in this browser. */
import type { Shelf } from "../../core/ports.ts"

const KEY = "emoji"
const KEPT = 16
const FIRST = ["👍", "❤️", "😂", "🎉", "🙏", "👀", "✅", "🔥"]

export function recentEmoji(shelf: Shelf): readonly string[] {
  const kept = (shelf.get(KEY) ?? "").split(" ").filter(Boolean)
  return [...new Set([...kept, ...FIRST])].slice(0, KEPT)
}

export function rememberEmoji(shelf: Shelf, emoji: string): void {
  shelf.set(KEY, [emoji, ...recentEmoji(shelf).filter((other) => other !== emoji)].slice(0, KEPT).join(" "))
}
