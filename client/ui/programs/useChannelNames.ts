import { useChatState, useWords } from "../context.ts"

/** Channels by their names, those left out that this member does not see. */
export function useChannelNames(ids: readonly string[]): string {
  const { language } = useWords()
  return useChatState(({ room }) =>
    ids
      .flatMap((id) => room.channels[id]?.name ?? [])
      .toSorted((one, other) => one.localeCompare(other, language))
      .join(", "),
  )
}
