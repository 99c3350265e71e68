/** A message that was found: who, where, when, what; and, unfolded, the one before and the one after. */
import { ChevronsUpDown } from "lucide"
import { useState } from "react"
import { plainText } from "../../core/markdown.ts"
import type { Message, Said } from "../../core/protocol.ts"
import { nameOf } from "../../core/room.ts"
import { excerptOf } from "../../core/search/excerpt.ts"
import type { Hit, Search } from "../../core/search/search.ts"
import { useChatState, useWords } from "../context.ts"
import { Avatar } from "../kit/Avatar.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { untranslated } from "../kit/untranslated.ts"
import { channelName } from "../sidebar/ChannelSign.tsx"

interface HitRowProps {
  readonly hit: Hit
  readonly search: Search
  readonly onOpen: (hit: Hit) => void
}

export function HitRow({ hit, search, onOpen }: HitRowProps) {
  const t = useWords()
  const room = useChatState((state) => state.room)
  const [near, setNear] = useState<readonly Message[] | null>(null)
  const { message, match } = hit
  if (message.state !== "said") return null
  const { seq, author, channel, sent_at, body } = message
  const name = message.shown_as["name"] ?? nameOf(room, author) ?? t("member.gone")
  const pieces = excerptOf(body, match)
  const unfold = async () => setNear(near ? null : await search.around(hit))
  return (
    <li className="hit">
      <Beside message={near?.findLast((other) => other.seq < seq)} />
      <button className="hit__open" type="button" data-hit="" onClick={() => onOpen(hit)}>
        <Avatar name={name} small />
        <span className="hit__author" ref={untranslated}>
          {name}
        </span>{" "}
        <span className="hit__place" ref={untranslated}>
          {room.channels[channel]?.kind === "open" && "#"}
          {channelName(t, room.channels[channel])}
        </span>{" "}
        <time className="hit__time">{t.time(sent_at)}</time>
        <span className="hit__words" key={body}>
          {pieces.map(({ text, start, isMatch }) => (isMatch ? <mark key={start}>{text}</mark> : text))}
          {pieces.length === 0 && filesOf(message)}
        </span>
      </button>
      <IconButton
        icon={ChevronsUpDown}
        className="hit__fold"
        name={t("search.around")}
        expanded={near !== null}
        onClick={() => void unfold()}
      />
      <Beside message={near?.find((other) => other.seq > seq)} />
    </li>
  )
}

const filesOf = ({ files }: Said) => files.map(({ name }) => name).join(", ")

/** One line of what was said before, or after. */
function Beside({ message }: { message: Message | undefined }) {
  const t = useWords()
  const room = useChatState((state) => state.room)
  if (message?.state !== "said") return null
  return (
    <p className="hit__beside">
      <b ref={untranslated}>{message.shown_as["name"] ?? nameOf(room, message.author) ?? t("member.gone")}</b>{" "}
      {plainText(message.body) || filesOf(message)}
    </p>
  )
}
