/** Who is writing right now. */
import { useChatState, useWords } from "../context.ts"

const NAMED = 2

export function TypingLine({ channel }: { channel: string }) {
  const t = useWords()
  const names = useChatState(({ room }) =>
    Object.keys(room.typing[channel] ?? {})
      .flatMap((id) => room.members[id]?.name ?? [])
      .join("\n"),
  )
  const writers = names === "" ? [] : names.split("\n")
  return (
    <p className="typing" aria-live="off">
      {writers.length > 0 && (
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
      )}
    </p>
  )
}
