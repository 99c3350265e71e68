/** What a search found, by days, newest first; how far back it has looked; or why there is nothing to show. */
import { Fragment, type KeyboardEvent } from "react"
import type { Hit, Search } from "../../core/search/search.ts"
import { useApp, useChatState, useWatched, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Scene } from "../kit/Scene.tsx"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"
import { HitRow } from "./HitRow.tsx"

interface OutcomeProps {
  readonly search: Search
  readonly onOpen: (hit: Hit) => void
}

export function Outcome({ search, onOpen }: OutcomeProps) {
  const t = useWords()
  const { clock } = useApp().ports
  const refusalWords = useRefusalWords()
  const state = useWatched(search.store, (value) => value)
  const channels = useChatState(({ room }) => room.channels)
  const { stage, cursor, unclear } = state
  const isShown = stage === "found" || stage === "waiting"
  const there = ({ message }: Hit) => message.state === "said" && message.channel in channels
  const hits = isShown ? state.hits.filter(there) : []
  const similar = isShown ? state.similar.filter(there) : []
  const day = t.day(state.back_to, clock.now())
  const list = (title: string, some: readonly Hit[]) => (
    <Fragment key={some[0]?.message.id}>
      <h3 className="search__day">{title}</h3>
      <ul>
        {some.map((hit) => (
          <HitRow key={hit.message.id} hit={hit} search={search} onOpen={onOpen} />
        ))}
      </ul>
    </Fragment>
  )
  const words = () => {
    if (stage === "unclear" && unclear) {
      const { name, value } = unclear
      return t(`search.unclear.${name === "before" || name === "after" ? "day" : name}`, { value })
    }
    if (stage === "waiting") return t("search.searching")
    if (nothing) return t("search.nothing")
    return stage === "found" ? t("search.found", { count: hits.length }) : ""
  }
  const nothing = stage === "found" && hits.length === 0 && cursor === null
  const said = words()
  const days = new Map<string, Hit[]>()
  for (const hit of hits) {
    const title = t.day(hit.message.state === "said" ? hit.message.sent_at : 0, clock.now())
    days.set(title, [...(days.get(title) ?? []), hit])
  }
  return (
    <>
      {/* Always there: what appears in it is said aloud. */}
      <div className="search__status" role="status">
        {nothing && similar.length === 0 && <Scene of="net" />}
        <span key={said}>{said}</span>
      </div>
      {stage === "failed" && (
        <div className="search__status" role="alert">
          <p>{refusalWords(state.code)}</p>
          <Button small onClick={search.renew}>
            {t("retry")}
          </Button>
        </div>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields */}
      <div
        className="search__hits"
        role="group"
        aria-label={t("search")}
        aria-busy={stage === "waiting"}
        onKeyDown={walk}
      >
        {[...days].map(([title, some]) => list(title, some))}
        {similar.length > 0 && list(t("search.similar"), similar)}
        {cursor !== null && hits.length > 0 && (
          <button className="search__on" type="button" data-hit="" disabled={stage === "waiting"} onClick={search.goOn}>
            <span key={day}>{t("search.goOn", { day })}</span>
          </button>
        )}
      </div>
    </>
  )
}

/** Arrow keys go from hit to hit and up to the field, left and right fold and unfold; letters go on with the words. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const { key, currentTarget } = event
  const field = currentTarget.parentElement?.querySelector("input")
  const all = [...currentTarget.querySelectorAll<HTMLElement>("[data-hit]")]
  // as: keys go to elements.
  const focused = event.target as HTMLElement
  const row = focused.closest(".hit") ?? focused
  const at = all.findIndex((each) => row.contains(each))
  const next = { ArrowDown: at + 1, ArrowUp: at - 1 }[key]
  const fold = row.querySelector<HTMLElement>(`[aria-expanded=${key === "ArrowLeft"}]`)
  // The letter goes where the focus is by then.
  const isLetter = key.length === 1 && key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey
  if (isLetter) field?.focus()
  else if (next !== undefined) (next < 0 ? field : all[next])?.focus()
  else if (key.startsWith("Arrow")) fold?.click()
  if (key.startsWith("Arrow")) event.preventDefault()
}
