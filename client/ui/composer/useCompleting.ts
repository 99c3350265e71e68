/** Completes `@name`, `:emoji:` and the `/command` of a bot under the caret, and makes pictures of `:tada:` and `:)` when they are finished. */
import { type FormEvent, type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from "react"
import {
  completed,
  emojiCodeBefore,
  type Replacement,
  smileyBefore,
  type Trigger,
  triggerAt,
} from "../../core/completion.ts"
import { mentionAt, namesOf } from "../../core/mentions.ts"
import { membersLike } from "../../core/misnamed.ts"
import type { Channel, Member } from "../../core/protocol.ts"
import { useChatState, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { type EmojiGroup, emojiIn, findEmoji, searchEmoji } from "../emoji/emoji.ts"
import { pollIn } from "../polls/parts.ts"
import { insertText } from "./insertText.ts"

export interface Item {
  readonly key: string
  readonly label: string
  readonly emoji?: string
  /** Whose face stands before it, if not that of the label. */
  readonly face?: string
  readonly isBot?: boolean
  /** What goes into the text. */
  readonly text: string
}

export interface Completing {
  readonly items: readonly Item[]
  /** What Enter takes; -1 where Enter sends what was typed. */
  readonly chosen: number
  /** Whether smileys stay as they are: their picture was undone. */
  readonly plain: boolean
  take(index: number): void
  close(): void
  look(): void
  onInput(event: FormEvent<HTMLTextAreaElement>): void
  /** What was typed before this was there. */
  catchUp(): void
  onKey(event: KeyboardEvent<HTMLElement>): boolean
}

const SHOWN = 8
/** With the space behind it the list is meant, and not what was typed. */
const POLL = "/poll "
const POLL_ITEM: Item = { key: "/poll", label: "/poll", emoji: "📊", text: POLL }

export function useCompleting(area: RefObject<HTMLTextAreaElement | null>): Completing {
  const t = useWords()
  const dialogs = useDialogs()
  const members = useChatState(({ room }) => room.members)
  const channel = useChatState(({ room, opened }) => room.channels[opened?.channel ?? ""])
  const names = useMemo(() => namesOf(Object.values(members)), [members])
  const [trigger, setTrigger] = useState<Trigger | null>(null)
  const [chosen, setChosen] = useState<number | null>(null)
  const [emoji, setEmoji] = useState<readonly EmojiGroup[]>([])
  const [plain, setPlain] = useState(false)
  /** Where the list was put away or something was taken from it: there it stays away. */
  const done = useRef<number | null>(null)
  const wantsEmoji = trigger?.kind === "emoji"
  useEffect(() => {
    if (wantsEmoji)
      emojiIn(t.language)
        .load()
        .then(setEmoji, () => undefined)
  }, [wantsEmoji, t.language])

  const items = useMemo(
    () => itemsFor(trigger, Object.values(members), emoji, channel),
    [trigger, emoji, members, channel],
  )
  // Text that fits only one name means it, unless the name is complete. A colon may mean anything.
  const isMeant =
    items.length === 1 &&
    trigger !== null &&
    trigger.kind !== "emoji" &&
    trigger.query !== "" &&
    (trigger.kind === "command"
      ? items[0]?.text !== `/${trigger.query}`
      : mentionAt(area.current?.value ?? "", trigger.start, names) === null)
  // The list may have become shorter.
  const current = chosen === null ? (isMeant ? 0 : -1) : Math.min(chosen, items.length - 1)

  const close = () => {
    done.current = trigger?.start ?? done.current
    setTrigger(null)
    setChosen(null)
  }
  const look = () => {
    const { value = "", selectionStart = 0, selectionEnd = 0 } = area.current ?? {}
    const next = selectionStart === selectionEnd ? triggerAt(value, selectionStart) : null
    const away = next !== null && next.start === done.current
    if (!away) done.current = null
    setTrigger((former) =>
      former?.query === next?.query && former?.start === next?.start ? former : away ? null : next,
    )
    if (next === null) setChosen(null)
  }
  const put = ({ start, end, by }: Replacement) => {
    if (area.current !== null) insertText(area.current, start, end, by)
  }
  /** @param length of what stood for it, which goes. */
  const askPoll = (length: number, question = "") => {
    if (channel === undefined) return
    put({ start: 0, end: length, by: "" })
    dialogs.show({ kind: "part", part: pollIn(channel.id, question), title: t("tools.poll") })
  }
  const take = (index: number) => {
    const item = items[index]
    close()
    if (trigger === null || item === undefined || area.current === null) return
    if (item.text === POLL) return askPoll(area.current.value.length)
    put(completed(area.current.value, area.current.selectionStart, trigger, item.text))
  }
  /** Replaces the text before the caret, and restores the caret. */
  const replace = (replacement: Replacement) => {
    const field = area.current
    if (field === null) return
    const behind = field.value.length - field.selectionStart
    put(replacement)
    field.setSelectionRange(field.value.length - behind, field.value.length - behind)
  }
  const finishEmoji = (field: HTMLTextAreaElement) => {
    const found = emojiCodeBefore(field.value, field.selectionStart)
    if (found === null) return
    const { start, code } = found
    const end = start + code.length
    const picture = (groups: readonly EmojiGroup[]) => {
      const by = findEmoji(groups, code)
      // Meanwhile somebody may have typed on, or sent it.
      if (by !== null && field.isConnected && field.value.slice(start, end) === code) replace({ start, end, by })
    }
    emojiIn(t.language)
      .load()
      .then(picture, () => undefined)
  }
  const finish = (field: HTMLTextAreaElement) => {
    const smiley = smileyBefore(field.value, field.selectionStart)
    if (smiley !== null) replace(smiley)
    else finishEmoji(field)
  }
  const onInput = (event: FormEvent<HTMLTextAreaElement>) => {
    const field = event.currentTarget
    // as: an input event of a field says what was done to it; Preact's types know it as a plain one, and only React's wraps it.
    const { nativeEvent } = event as unknown as { nativeEvent: Partial<InputEvent> }
    const { inputType = "", isComposing = false } = nativeEvent
    const undone = inputType.startsWith("history")
    // What comes back is selected, as it was when something took its place; the next key would delete it.
    if (undone) field.setSelectionRange(field.selectionEnd, field.selectionEnd)
    setPlain((former) => field.value !== "" && (former || undone))
    if (inputType.startsWith("insert") && !isComposing && !plain) finish(field)
    look()
  }
  const catchUp = () => {
    if (area.current !== null) finish(area.current)
    look()
  }
  const onKey = (event: KeyboardEvent<HTMLElement>): boolean => {
    const { key } = event
    const begun = /^\/poll\s(.*)$/s.exec(area.current?.value ?? "")
    if (key === "Enter" && !event.shiftKey && begun) {
      event.preventDefault()
      askPoll(begun[0].length, begun[1]?.trim())
      return true
    }
    if (items.length === 0 || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return false
    if (key === "ArrowDown") setChosen((current + 1) % items.length)
    else if (key === "ArrowUp") setChosen((current < 0 ? items.length : current + items.length - 1) % items.length)
    else if (key === "Tab" || (key === "Enter" && current >= 0)) take(Math.max(current, 0))
    else if (key === "Escape") close()
    else return false
    event.preventDefault()
    event.stopPropagation()
    return true
  }
  return { items, chosen: current, plain, take, close, look, catchUp, onInput, onKey }
}

type Members = readonly Member[]

function itemsFor(
  trigger: Trigger | null,
  members: Members,
  emoji: readonly EmojiGroup[],
  channel: Channel | undefined,
): readonly Item[] {
  if (trigger === null) return []
  if (trigger.kind === "emoji") {
    return searchEmoji(emoji, trigger.query, SHOWN).map((found) => ({
      key: found.emoji,
      label: found.label,
      emoji: found.emoji,
      text: found.emoji,
    }))
  }
  if (trigger.kind === "command") {
    const isThere = ({ id, channels = [] }: Member) =>
      channel !== undefined && (channels.includes(channel.id) || channel.members.includes(id))
    return members
      .filter((member) => member.command?.startsWith(trigger.query.toLowerCase()) && isThere(member))
      .flatMap(({ id, name, command = "" }): Item[] =>
        command === "" ? [] : [{ key: id, label: `/${command}`, face: name, isBot: true, text: `/${command}` }],
      )
      .concat(POLL_ITEM.text.startsWith(`/${trigger.query.toLowerCase()}`) ? [POLL_ITEM] : [])
      .toSorted((a, b) => a.label.localeCompare(b.label))
      .slice(0, SHOWN)
  }
  const isInside = ({ id }: { readonly id: string }) =>
    channel === undefined || channel.kind === "open" || channel.members.includes(id)
  // Others can be added to a private channel (Misnamed.tsx); those of a direct conversation are who they are.
  return membersLike(trigger.query, channel?.kind === "direct" ? members.filter(isInside) : members)
    .toSorted(
      (a, b) =>
        Number(isInside(b)) - Number(isInside(a)) ||
        Number(b.online) - Number(a.online) ||
        a.name.localeCompare(b.name),
    )
    .slice(0, SHOWN)
    .map(({ id, name, role }) => ({ key: id, label: name, isBot: role === "bot", text: `@${name}` }))
}
