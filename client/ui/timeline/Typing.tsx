/** Who is writing right now. */
import { useChatState, useWords } from "../context.ts"

const NAMED = 2

export function Typing({ channel }: { channel: string }) {
  const t = useWords()
  const names = useChatState(({ room }) =>
    Object.keys(room.typing[channel] ?? {})
      .flatMap((id) => room.members[id]?.name ?? [])
      .join("\n"),
  )
  if (names === "") return null
  const writers = names.split("\n")
  return (
    <>
      <span className="typing__dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span key={names}>
        {writers.length > NAMED
          ? t("typing.many", { count: writers.length })
          : t(writers.length === 1 ? "typing.one" : "typing.two", {
              first: writers[0] ?? "",
              second: writers[1] ?? "",
            })}
      </span>
    </>
  )
}
