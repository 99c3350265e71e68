/** A new channel, or the name, topic and fate of one there is. What was typed waits, however the dialog was closed. */
import { Archive, ArchiveRestore, Trash2 } from "lucide"
import { type FormEvent, useRef, useState } from "react"
import { Refused } from "../../core/requests.ts"
import { isEmpty } from "../../core/visible.ts"
import { noted, useChanged } from "../composer/useNote.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { Field } from "../kit/Field.tsx"
import { Icon } from "../kit/Icon.tsx"
import { useThere } from "../kit/useThere.ts"
import { MOST_IN_LANE } from "../lanes/AddPeopleDialog.tsx"
import { Options } from "../lanes/Options.tsx"
import { PeopleField } from "../lanes/PeopleField.tsx"
import { SecureStep } from "../lanes/SecureStep.tsx"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"
import { mayDeleteChannel, mayManage } from "../rights.ts"
import { RetentionField, toDays, toText } from "./RetentionField.tsx"
import { useDialogs } from "./useDialogs.tsx"

interface ChannelDialogProps {
  readonly id: string | null
  /** What a new one is at first. */
  readonly isPrivate: boolean
  readonly onClose: () => void
}

export function ChannelDialog({ id, isPrivate, onClose }: ChannelDialogProps) {
  const t = useWords()
  const chat = useChat()
  const dialogs = useDialogs()
  const refusalWords = useRefusalWords()
  const channel = useChatState(({ room }) => (id === null ? undefined : room.channels[id]))
  const me = useChatState(({ room }) => room.me)
  const limits = useChatState(({ room }) => room.limits)
  const note = `channel:${id ?? ""}`
  const [name, setName, forgetName] = useChanged(`${note}:name`, channel?.name ?? "")
  const [topic, setTopic, forgetTopic] = useChanged(`${note}:topic`, channel?.topic ?? "")
  const [days, setDays, forgetDays] = useChanged(`${note}:days`, toText(channel?.retention_days ?? null))
  const [refusal, setRefusal] = useState<string | null>(null)
  const hasLanes = useChatState(({ room }) => room.hasLanes)
  const members = useChatState(({ room }) => room.members)
  const [kind, setKind] = useState<"open" | "private">(isPrivate ? "private" : "open")
  const [chosen, setChosen] = useState<readonly string[]>([])
  const others = Object.values(members).filter((member) => member.id !== me.id)
  const mayName = useChatState(({ room }) => channel === undefined || mayManage(room, channel))
  const mayDelete = useChatState(({ room }) => channel !== undefined && mayDeleteChannel(room, channel))
  const isLocked = id === null && kind === "private" && !me.secured

  const done = () => {
    forgetName()
    forgetTopic()
    forgetDays()
    onClose()
  }
  const there = useThere()
  const asking = useRef(false)
  /** Whoever has closed the dialog before the answer came has gone on: a refusal is then said in passing. */
  const settle = (code: string | null, then: () => void) => {
    asking.current = false
    if (code === null) then()
    else if (there.current) setRefusal(code)
    else chat.showNotice(code)
  }
  // Not what somebody has begun to write in the same dialog since.
  const finish = () => (there.current || chat.notes.get(`${note}:name`) === noted(name)) && done()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (asking.current || isLocked) return
    asking.current = true
    const wanted = { name: name.trim(), topic: topic.trim() }
    if (id === null) {
      const { name, topic } = wanted
      const about = { type: "channel.create" as const, name, ...(topic === "" ? {} : { topic }) }
      const inside = { kind: "private" as const, members: chosen, history: "all" as const }
      void chat.ask(kind === "open" ? about : { ...about, ...inside }).then((made) => {
        if (made instanceof Refused) return settle(made.code, finish)
        settle(null, finish)
        if (there.current && made.type === "ack" && made.channel !== null) chat.open(made.channel)
      })
      return
    }
    const retention = me.role === "admin" ? { retention_days: toDays(days) } : {}
    void chat
      .change({ type: "channel.update", id, ...(mayName ? wanted : {}), ...retention })
      .then((code) => settle(code, finish))
  }
  return (
    <Dialog
      title={t(id !== null ? "channel.edit" : kind === "open" ? "channel.create" : "lanes.newPrivate")}
      onClose={onClose}
    >
      <form className="form" noValidate onSubmit={submit}>
        {mayName && (
          <>
            <Field
              label={t("channel.name")}
              value={name}
              onChange={setName}
              required
              focused
              maxLength={limits.channel_name_characters}
              error={refusal === null ? null : refusalWords(refusal, "channel")}
            />
            <Field
              label={t("channel.topic")}
              value={topic}
              onChange={setTopic}
              maxLength={limits.topic_characters}
              hint={t("channel.topicHint")}
            />
          </>
        )}
        {id === null && hasLanes && (
          <Options
            label={t("lanes.who")}
            options={[
              { id: "open", name: t("lanes.who.open") },
              { id: "private", name: t("lanes.who.private") },
            ]}
            value={kind}
            onChange={setKind}
          />
        )}
        {id === null && kind === "private" && !isLocked && (
          <PeopleField
            label={t("lanes.choose")}
            people={others}
            chosen={chosen}
            onChosen={setChosen}
            most={MOST_IN_LANE - 1}
          />
        )}
        {isLocked && <SecureStep />}
        {id !== null && me.role === "admin" && (
          <RetentionField label={t("retention.channel")} value={days} onChange={setDays} />
        )}
        <div className="form__buttons">
          {channel !== undefined && (
            <span className="form__group">
              {" "}
              <Button
                disabled={!mayName}
                onClick={() =>
                  void chat
                    .change({ type: "channel.update", id: channel.id, archived: !channel.archived })
                    .then((code) => settle(code, onClose))
                }
              >
                <Icon of={channel.archived ? ArchiveRestore : Archive} />{" "}
                {t(channel.archived ? "channel.restore" : "channel.archive")}
              </Button>
              {mayDelete && (
                <Button kind="danger" onClick={() => dialogs.show({ kind: "delete", channel: channel.id })}>
                  <Icon of={Trash2} /> {t("channel.delete")}
                </Button>
              )}
            </span>
          )}
          <span className="form__group">
            <Button onClick={done}>{t("cancel")}</Button>
            <Button kind="primary" type="submit" disabled={isEmpty(name) || isLocked}>
              {t(id === null ? "channel.createButton" : "save")}
            </Button>
          </span>
        </div>
      </form>
    </Dialog>
  )
}
