/** Completes `@name` and `:emoji:` under the caret. */
import { type KeyboardEvent, useCallback, useEffect, useMemo, useState } from "react"
import { type Trigger, triggerAt } from "../../core/words.ts"
import { useChatState, useWords } from "../context.ts"
import { type EmojiGroup, loadEmoji, searchEmoji } from "../emoji/emoji.ts"

interface Item {
  readonly key: string
  readonly label: string
  readonly emoji?: string
  /** What goes into the text. */
  readonly text: string
}

export interface Completion {
  readonly items: readonly Item[]
  readonly chosen: number
  take(index: number): void
  close(): void
  look(text: string, caret: number): void
  /** True if the key was for the list. */
  onKey(event: KeyboardEvent<HTMLElement>): boolean
}

const SHOWN = 8

export function useCompletion(onTake: (trigger: Trigger, text: string) => void): Completion {
  const t = useWords()
  const members = useChatState(({ room }) => room.members)
  const [trigger, setTrigger] = useState<Trigger | null>(null)
  const [chosen, setChosen] = useState(0)
  const [emoji, setEmoji] = useState<readonly EmojiGroup[]>([])
  const wantsEmoji = trigger?.kind === "emoji"
  useEffect(() => {
    if (wantsEmoji) loadEmoji(t.language).then(setEmoji, () => undefined)
  }, [wantsEmoji, t.language])

  const items = useMemo((): readonly Item[] => {
    if (trigger === null) return []
    if (trigger.kind === "emoji") {
      return searchEmoji(emoji, trigger.query, SHOWN).map((found) => ({
        key: found.emoji,
        label: found.label,
        emoji: found.emoji,
        text: found.emoji,
      }))
    }
    const query = trigger.query.toLowerCase()
    const found = Object.values(members).filter(({ name }) => ` ${name.toLowerCase()}`.includes(` ${query}`))
    const ordered = found.toSorted((a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name))
    return ordered.slice(0, SHOWN).map(({ id, name }) => ({ key: id, label: name, text: `@${name}` }))
  }, [trigger, emoji, members])

  // The list may have become shorter.
  const current = Math.min(chosen, Math.max(items.length - 1, 0))
  const close = useCallback(() => setTrigger(null), [])
  const look = useCallback((text: string, caret: number) => {
    const next = triggerAt(text, caret)
    setTrigger((former) => (former?.query === next?.query && former?.start === next?.start ? former : next))
    setChosen((index) => (next === null ? 0 : index))
  }, [])
  const take = (index: number) => {
    const item = items[index]
    if (trigger !== null && item !== undefined) onTake(trigger, item.text)
    close()
    setChosen(0)
  }
  const onKey = (event: KeyboardEvent<HTMLElement>): boolean => {
    if (items.length === 0) return false
    if (event.key === "ArrowDown") setChosen((current + 1) % items.length)
    else if (event.key === "ArrowUp") setChosen((current + items.length - 1) % items.length)
    else if (event.key === "Enter" || event.key === "Tab") take(current)
    else if (event.key === "Escape") close()
    else return false
    event.preventDefault()
    event.stopPropagation()
    return true
  }
  return { items, chosen: current, take, close, look, onKey }
}
