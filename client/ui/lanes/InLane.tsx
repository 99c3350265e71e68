/** Who reads along in a private channel or a direct conversation, and what may be done about it. */
import { KeyRound, LogOut, UserMinus, UserPlus } from "lucide"
import { useState } from "react"
import { inside, keepersOf } from "../../core/keepers.ts"
import type { Channel } from "../../core/protocol.ts"
import { nameOf } from "../../core/room.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { Avatar } from "../kit/Avatar.tsx"
import { Button } from "../kit/Button.tsx"
import { Icon } from "../kit/Icon.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { untranslated } from "../kit/untranslated.ts"
import { roving } from "../kit/useRoving.ts"
import { Role } from "../people/Role.tsx"
import { StatusSign } from "../people/StatusSign.tsx"
import { type Asked, LaneQuestion } from "./LaneQuestion.tsx"

export function InLane({ channel }: { channel: Channel }) {
  const t = useWords()
  const dialogs = useDialogs()
  const room = useChatState((state) => state.room)
  const [asked, setAsked] = useState<Asked | null>(null)
  const { id, kind } = channel
  // Who has left the room is in the conversation still, and reads no more.
  const members = kind === "direct" ? channel.members : inside(room, channel)
  const keepers = kind === "direct" ? [] : keepersOf(room, channel)
  const me = room.me.id
  const isKeeper = keepers.includes(me)
  const all = members
    .map((member) => ({ id: member, name: nameOf(room, member) ?? t("member.gone") }))
    .toSorted((a, b) => a.name.localeCompare(b.name, t.language))
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears the keys of the items inside
    <div className="people__groups" onKeyDown={roving}>
      <h3 className="people__label">{t("lanes.inside", { count: members.length })}</h3>
      <ul className="people__list">
        {all.map((person, index) => (
          <Person
            key={person.id}
            {...person}
            channel={channel}
            isKeeper={keepers.includes(person.id)}
            stop={index === 0}
            mayChange={isKeeper}
            onAsk={setAsked}
          />
        ))}
      </ul>
      <div className="people__buttons">
        {kind === "private" && isKeeper && (
          <Button onClick={() => dialogs.show({ kind: "add", channel: id })}>
            <Icon of={UserPlus} /> {t("lanes.add")}
          </Button>
        )}
        {kind === "direct" && room.direct_messages !== "off" && members.length > 1 && (
          <Button onClick={() => dialogs.show({ kind: "direct", members: members.filter((other) => other !== me) })}>
            <Icon of={UserPlus} /> {t("lanes.withMore")}
          </Button>
        )}
        {kind === "private" && members.includes(me) && (
          <Button kind="danger" onClick={() => setAsked({ what: "leave" })}>
            <Icon of={LogOut} /> {t("lanes.leave")}
          </Button>
        )}
      </div>
      {kind === "private" && !isKeeper && <p className="field__hint">{t("lanes.keepersHint")}</p>}
      {asked !== null && <LaneQuestion channel={channel} asked={asked} onClose={() => setAsked(null)} />}
    </div>
  )
}

interface PersonProps {
  readonly id: string
  readonly name: string
  readonly channel: Channel
  readonly isKeeper: boolean
  readonly stop: boolean
  readonly mayChange: boolean
  readonly onAsk: (asked: Asked) => void
}

function Person({ id, name, channel, isKeeper, stop, mayChange, onAsk }: PersonProps) {
  const t = useWords()
  const chat = useChat()
  const me = useChatState(({ room }) => room.me.id)
  const online = useChatState(({ room }) => room.members[id]?.online ?? false)
  const isBot = useChatState(({ room }) => room.members[id]?.role === "bot")
  const about = [id === me ? t("people.you") : "", isKeeper ? t("lanes.keeper") : ""].filter(Boolean).join(" · ")
  const keep = (on: boolean) =>
    void chat.change({ type: "channel.keeper", id: channel.id, member: id, on }).then((code) => {
      if (code !== null) chat.showNotice(code)
    })
  return (
    <li className="person">
      <button className="person__open" type="button" data-roving="" data-member={id} tabIndex={stop ? 0 : -1}>
        <Avatar name={name} small online={isBot ? undefined : online} />
        <span className="person__words">
          <span className="person__name" ref={untranslated}>
            {name}
          </span>
          <Role name={isBot ? t("role.bot") : null} />
          {about !== "" && (
            <span key={about} className="person__you">
              {about}
            </span>
          )}
        </span>
        <StatusSign member={id} />
      </button>
      {mayChange && (
        <span className="person__tools">
          {!isBot && (
            <IconButton
              icon={KeyRound}
              name={t(isKeeper ? "lanes.unkeep" : "lanes.keep", { name })}
              pressed={isKeeper}
              // One cannot make oneself a keeper again.
              onClick={() => (isKeeper && id === me ? onAsk({ what: "unkeep" }) : keep(!isKeeper))}
            />
          )}
          {id !== me && (
            <IconButton
              icon={UserMinus}
              kind="danger"
              name={t("lanes.remove", { name })}
              onClick={() => onAsk({ what: "remove", member: id, name })}
            />
          )}
        </span>
      )}
    </li>
  )
}
