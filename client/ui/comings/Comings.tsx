/** The quiet line below a day of `general`: who came then, who is no longer a member, and who is called something else now. */
import { useEffect, useMemo } from "react"
import type { Chat } from "../../core/chat.ts"
import { beginOf, createComings, nextDay, othersBetween, type Comings as Source } from "../../core/comings.ts"
import { GENERAL } from "../../core/contract.ts"
import { nameOf } from "../../core/room.ts"
import { EMPTY } from "../../core/timeline.ts"
import { useChat, useChatState, useWatched, useWords } from "../context.ts"
import { comingWords } from "./comingWords.ts"

const sources = new WeakMap<Chat, Source>()

function sourceOf(chat: Chat): Source {
  const source = sources.get(chat) ?? createComings(chat)
  sources.set(chat, source)
  return source
}

export function Comings({ at }: { readonly at: number }) {
  const t = useWords()
  const source = sourceOf(useChat())
  const known = useWatched(source.known, (value) => value)
  const me = useChatState(({ room }) => room.me.id)
  const from = useChatState(({ room }) => beginOf(room.timelines[GENERAL] ?? EMPTY, at))
  useEffect(() => source.reach(from), [source, from])
  const others = useMemo(() => othersBetween(known, from, nextDay(at), me), [known, from, at, me])
  const words = useChatState(({ room }) => {
    const named = (ids: readonly string[]) => ids.flatMap((id) => nameOf(room, id) ?? [])
    const { came, left, removed, went, renamed } = others
    const names = { came: named(came), left: named(left), removed: named(removed), went: named(went) }
    return comingWords(t, names, renamed)
  })
  return known.from <= from && words !== "" && <p className="row__comings">{words}</p>
}
