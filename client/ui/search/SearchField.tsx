/** The words that are looked for, the filters as chips before them, and what a filter that is being typed may mean. */
import { Search, X } from "lucide"
import { type KeyboardEvent, useEffect, useRef, useState } from "react"
import { candidates, FILTERS, type Filter, openToken } from "../../core/search/query.ts"
import type { Search as Searching } from "../../core/search/search.ts"
import { CompletionList } from "../composer/CompletionList.tsx"
import { useApp, useChatState, useWatched, useWords } from "../context.ts"
import { Icon } from "../kit/Icon.tsx"
import { useFilterWords } from "./useFilterWords.ts"

/** docs/protocol.md, "Search" */
const MOST_TYPED = 200
const MOST_OFFERED = 8

interface SearchFieldProps {
  readonly search: Searching
  readonly onDown: () => void
}

export function SearchField({ search, onDown }: SearchFieldProps) {
  const t = useWords()
  const { clock } = useApp().ports
  const { words, labelFor } = useFilterWords()
  const room = useChatState((state) => state.room)
  const { text, filters, stage, hits } = useWatched(search.store, (state) => state)
  const field = useRef<HTMLInputElement>(null)
  const [chosen, setChosen] = useState(0)
  // The store speaks a moment later than a key that is pressed.
  const [, redraw] = useState(0)
  const token = openToken(text)
  const offered = token === null ? [] : candidates(token, room, clock.now()).slice(0, MOST_OFFERED)
  // Members have a sign of their own.
  const items = offered.map((filter) => ({
    key: filter.value,
    label: labelFor(filter),
    ...(filter.name === "author" ? {} : { emoji: "" }),
  }))
  const current = Math.min(chosen, offered.length - 1)
  const isWaited = useRef(false)
  useEffect(() => field.current?.select(), [])
  // Enter asks, and goes to what comes of it.
  useEffect(() => {
    if (stage !== "found" || !isWaited.current) return
    isWaited.current = false
    if (hits.length > 0) onDown()
  }, [stage, hits, onDown])

  const act = (action: () => void) => {
    action()
    setChosen(0)
    redraw((times) => times + 1)
    field.current?.focus()
  }
  const take = (filter: Filter | undefined) => token && filter && act(() => search.add(filter, token))
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const { key, currentTarget } = event
    const some = offered.length
    const step = { ArrowDown: 1, ArrowUp: some - 1 }[key]
    if (some > 0 && step !== undefined) setChosen((current + step) % some)
    else if (some > 0 && (key === "Enter" || key === "Tab")) take(offered[current])
    else if (key === "Enter" && (search.run() || stage === "waiting")) isWaited.current = true
    else if (key === "Enter" || key === "ArrowDown") onDown()
    else if (key === "Backspace" && currentTarget.selectionEnd === 0 && filters.length > 0) {
      act(() => search.drop(filters.length - 1))
    } else return
    event.preventDefault()
  }
  return (
    <>
      <div className="search__field">
        <Icon of={Search} />
        {filters.map((filter, index) => (
          <button
            key={words(filter)}
            className="search__chip"
            type="button"
            aria-label={t("search.remove", { value: words(filter) })}
            onClick={() => act(() => search.drop(index))}
          >
            <span>{words(filter)}</span>
            <Icon of={X} />
          </button>
        ))}
        <input
          ref={field}
          className="search__text"
          type="text"
          enterKeyHint="search"
          maxLength={MOST_TYPED}
          role="combobox"
          aria-expanded={offered.length > 0}
          aria-controls="completion"
          aria-activedescendant={offered.length > 0 ? `completion-${current}` : undefined}
          aria-label={t("search")}
          placeholder={filters.length === 0 ? t("search") : ""}
          data-focus=""
          value={text}
          onInput={({ currentTarget }) => act(() => search.type(currentTarget.value))}
          onKeyDown={onKeyDown}
        />
      </div>
      {offered.length > 0 && (
        <CompletionList completion={{ items, chosen: current, take: (index) => take(offered[index]) }} />
      )}
      {text === "" && filters.length === 0 && (
        <div className="search__hint">
          <p>{t("search.hint")}</p>
          {FILTERS.map((name) => (
            <button
              key={name}
              className="search__key"
              type="button"
              onClick={() => act(() => search.type(`${t(`search.key.${name}`)}:`))}
            >
              {t(`search.key.${name}`)}:
            </button>
          ))}
        </div>
      )}
    </>
  )
}
