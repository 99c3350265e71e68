/** A filter in words: "from: Anna". */
import { type Filter, type Kind, labelOf } from "../../core/search/query.ts"
import { useApp, useChatState } from "../context.ts"
import { channelName } from "../sidebar/ChannelSign.tsx"

export function useFilterWords() {
  const { t, ports } = useApp()
  const room = useChatState((state) => state.room)
  const labelFor = (filter: Filter) => {
    const { name, value } = filter
    // as: of this name there are only these filters.
    if (name === "has") return t(`search.kind.${value as Kind}`)
    if (name === "channel") return channelName(t, room.channels[value])
    return name === "before" || name === "after" ? t.day(Number(value), ports.clock.now()) : labelOf(filter, room)
  }
  return { labelFor, words: (filter: Filter) => `${t(`search.key.${filter.name}`)}: ${labelFor(filter)}` }
}
