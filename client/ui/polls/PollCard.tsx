/** A poll in its message. What it takes is there before anybody votes, so that nothing moves when votes come. */
import { useState } from "react"
import { isClosed } from "../../core/closed.ts"
import { type Poll, pollOf, tally } from "../../core/polls.ts"
import type { Said } from "../../core/protocol.ts"
import { nameOf } from "../../core/room.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { MessageBody } from "../message/MessageContent.tsx"
import { useVote } from "./useVote.ts"

/** More names than anybody reads. */
const MOST_NAMES = 50

export function PollCard({ message }: { readonly message: Said }) {
  const poll = pollOf(message)
  if (poll !== null) return <Card message={message} poll={poll} />
  return <MessageBody body={message.body} mentions={message.mentions} edited={message.edited_at} />
}

function Card({ message, poll }: { readonly message: Said; readonly poll: Poll }) {
  const t = useWords()
  const me = useChatState(({ room }) => room.me)
  const isShut = useChatState(({ room }) => {
    const channel = room.channels[message.channel]
    return channel === undefined || isClosed(room, channel)
  })
  const isOver = poll.closed_at !== undefined
  const { own, busy, choose } = useVote(message, poll.votes[me.id] ?? [])
  // One's own vote counts at once, before the room has it.
  const { chosen, voters } = tally({ ...poll, votes: { ...poll.votes, [me.id]: own } })
  const isFixed = isOver || isShut
  const toggle = (option: number) => {
    const has = own.includes(option)
    if (!poll.multiple) return choose(has ? [] : [option])
    choose(has ? own.filter((each) => each !== option) : [...own, option].toSorted((a, b) => a - b))
  }
  return (
    <fieldset className="poll" aria-busy={busy}>
      <legend className="poll__question" dir="auto">
        {poll.question}
      </legend>
      {poll.options.map((option, place) => {
        const by = chosen[place] ?? []
        return (
          <div key={option} className="poll__option">
            <label className="poll__choice">
              <input
                type={poll.multiple ? "checkbox" : "radio"}
                name={`poll-${message.id}`}
                checked={own.includes(place)}
                disabled={isFixed}
                onChange={() => toggle(place)}
              />
              <span dir="auto">{option}</span>
            </label>
            <Voters members={by} />
            <progress className="poll__bar" value={by.length} max={Math.max(voters, 1)} aria-hidden="true" />
          </div>
        )
      })}
      <p className="poll__foot">
        <span className="poll__total">
          {isOver && `${t("polls.closed")} · `}
          {t("polls.voted", { count: voters })}
          {!isOver && poll.multiple && ` · ${t("polls.several")}`}
        </span>
        {!isFixed && (message.author === me.id || me.role === "admin") && <CloseButton message={message} />}
        {!isFixed && (
          <button
            className="poll__deed"
            type="button"
            style={{ visibility: own.length > 0 ? "visible" : "hidden" }}
            onClick={() => choose([])}
          >
            {t("polls.takeBack")}
          </button>
        )}
      </p>
    </fieldset>
  )
}

/** How many have chosen an option; who they are is shown to the pointer, and to a press. */
function Voters({ members }: { readonly members: readonly string[] }) {
  const t = useWords()
  const [open, setOpen] = useState(false)
  const names = useChatState(({ room }) =>
    members
      .slice(0, MOST_NAMES)
      .map((id) => nameOf(room, id) ?? t("member.gone"))
      .join(", "),
  )
  const more = members.length - MOST_NAMES
  const said = more > 0 ? t("polls.andMore", { names, count: more }) : names
  const count = t.number(members.length)
  return (
    <>
      <button
        className="poll__count"
        type="button"
        title={said}
        aria-label={t("polls.voters", { count: members.length })}
        aria-expanded={open}
        disabled={members.length === 0}
        onClick={() => setOpen(!open)}
      >
        <span key={count}>{count}</span>
      </button>
      {open && members.length > 0 && <p className="poll__names">{said}</p>}
    </>
  )
}

/** Nobody opens it again: it asks once more. */
function CloseButton({ message }: { readonly message: Said }) {
  const t = useWords()
  const chat = useChat()
  const [sure, setSure] = useState(false)
  const press = async () => {
    if (!sure) return setSure(true)
    setSure(false)
    const refusal = await chat.change({ type: "poll.close", id: message.id, channel: message.channel })
    if (refusal !== null) chat.showNotice(refusal)
  }
  const words = t(sure ? "polls.closeSure" : "polls.close")
  return (
    <button
      className={sure ? "poll__deed poll__deed--sure" : "poll__deed"}
      type="button"
      onBlur={() => setSure(false)}
      onClick={() => void press()}
    >
      <span key={words}>{words}</span>
    </button>
  )
}
