/** All emoji: searched by words of the member's language or by shortcode, those used lately first. */
import { type KeyboardEvent, useState } from "react"
import { useApp } from "../context.ts"
import { Waiting } from "../kit/Lazy.tsx"
import { usePart } from "../kit/part.ts"
import { type Emoji, emojiIn, searchEmoji } from "./emoji.ts"
import { recentEmoji, rememberEmoji } from "./recent.ts"

const focusIt = (element: HTMLElement | null) => element?.focus()

const FOUND = 64
/** No emoji has a longer name, and no paste is to stop the page. */
const MOST_TYPED = 80

export function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const { t, ports } = useApp()
  const { Ready: groups, ...waiting } = usePart(emojiIn(t.language))
  const [query, setQuery] = useState("")
  const pick = (emoji: string) => {
    rememberEmoji(ports.shelf, emoji)
    onPick(emoji)
  }
  if (groups === null) return <Waiting {...waiting} />
  const found = query === "" ? null : searchEmoji(groups, query, FOUND)
  const recent = recentEmoji(ports.shelf).map((emoji) => ({ emoji, label: emoji, words: "" }))
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears the keys of what is inside
    <div className="emoji-picker" onKeyDown={moveInGrid}>
      <input
        className="emoji-picker__search"
        type="search"
        maxLength={MOST_TYPED}
        ref={focusIt}
        value={query}
        placeholder={t("emoji.search")}
        aria-label={t("emoji.search")}
        onInput={(event) => setQuery(event.currentTarget.value)}
      />
      <div className="emoji-picker__groups">
        {found !== null ? (
          <Group name={t("emoji.found", { count: found.length })} emojis={found} onPick={pick} />
        ) : (
          <>
            {recent.length > 0 && <Group name={t("emoji.recent")} emojis={recent} onPick={pick} />}
            {groups.map(({ name, emojis }) => (
              <Group key={name} name={name} emojis={emojis} onPick={pick} />
            ))}
          </>
        )}
      </div>
    </div>
  )
}

function Group({ name, emojis, onPick }: { name: string; emojis: readonly Emoji[]; onPick: (emoji: string) => void }) {
  return (
    <section className="emoji-picker__group" aria-label={name}>
      <h3 className="emoji-picker__name">{name}</h3>
      <div className="emoji-picker__grid">
        {emojis.map(({ emoji, label }) => (
          <button
            key={emoji}
            className="emoji-picker__emoji"
            type="button"
            title={label}
            aria-label={label}
            data-emoji=""
            tabIndex={-1}
            onClick={() => onPick(emoji)}
          >
            {emoji}
          </button>
        ))}
      </div>
    </section>
  )
}

function moveInGrid(event: KeyboardEvent<HTMLElement>): void {
  const columns = columnsOf(event.currentTarget)
  const step = { ArrowDown: columns, ArrowUp: -columns, ArrowRight: 1, ArrowLeft: -1 }[event.key]
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-emoji]")]
  const at = items.findIndex((item) => item.matches(":focus"))
  if (event.key === "Enter" && at < 0) {
    // Else the key would arrive where the focus goes next: a new line in the message, the button that opens this again.
    event.preventDefault()
    items[0]?.click()
  }
  if (step === undefined || (at < 0 && event.key !== "ArrowDown")) return
  event.preventDefault()
  const next = at < 0 ? items[0] : items[at + step]
  if (next === undefined && step < 0) event.currentTarget.querySelector("input")?.focus()
  else next?.focus()
}

/** As many as fit: a phone has room for fewer. */
function columnsOf(picker: HTMLElement): number {
  const grid = picker.querySelector(".emoji-picker__grid")
  return grid === null ? 1 : getComputedStyle(grid).gridTemplateColumns.split(" ").length
}
