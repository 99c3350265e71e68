/** What a search found, by days, newest first; how far back it has looked; or why there is nothing to show. */
import { Fragment, type KeyboardEvent } from "react"
import type { Hit, Search } from "../../core/search/search.ts"
import { useApp, useChatState, useWatched, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
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
  const { stage, cursor, unclear, isGoing } = state
  const isShown = stage === "found" || stage === "waiting"
  const there = ({ message }: Hit) => message.state === "said" && Object.hasOwn(channels, message.channel)
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
    if (unclear !== null && stage === "unclear") {
      const { name, value } = unclear
      return t(`search.unclear.${name === "before" || name === "after" ? "day" : name}`, { value })
    }
    if (stage === "waiting") return t("search.searching")
    if (stage !== "found") return ""
    if (hits.length > 0) return t("search.found", { count: hits.length })
    return cursor === null ? t("search.nothing") : t("search.nothingYet", { day })
  }
  const said = words()
  return (
    <>
      {/* Always there: what appears in it is said aloud. */}
      <div className="search__status" role="status">
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
        {byDay(hits).map((some) => list(t.day(sentAt(some[0]), clock.now()), some))}
        {similar.length > 0 && list(t("search.similar"), similar)}
        {cursor !== null && stage === "found" && (
          <button className="search__on" type="button" data-hit="" disabled={isGoing} onClick={search.goOn}>
            <span key={day}>{t("search.goOn", { day })}</span>
          </button>
        )}
      </div>
    </>
  )
}

function sentAt(hit: Hit | undefined): number {
  return hit?.message.state === "said" ? hit.message.sent_at : 0
}

function byDay(hits: readonly Hit[]): readonly (readonly Hit[])[] {
  const days: Hit[][] = []
  let today = ""
  for (const hit of hits) {
    const day = new Date(sentAt(hit)).toDateString()
    if (day === today) days.at(-1)?.push(hit)
    else days.push([hit])
    today = day
  }
  return days
}

/** Arrow keys go from hit to hit and up to the field, left and right fold and unfold; letters go on with the words. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const { key, currentTarget } = event
  const field = currentTarget.parentElement?.querySelector("input")
  const all = [...currentTarget.querySelectorAll<HTMLElement>("[data-hit]")]
  const focused = document.activeElement
  const row = focused?.closest(".hit") ?? focused
  const at = all.findIndex((each) => row?.contains(each))
  const to: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1 }
  const next = to[key]
  const fold = row?.querySelector<HTMLElement>(`[aria-expanded=${key === "ArrowLeft"}]`)
  // The letter goes where the focus is by then.
  const isLetter = key.length === 1 && key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey
  if (isLetter) field?.focus()
  else if (next !== undefined) (next < 0 ? field : all[next])?.focus()
  else if (key.startsWith("Arrow")) fold?.click()
  if (!isLetter && (next !== undefined || key.startsWith("Arrow"))) event.preventDefault()
}
