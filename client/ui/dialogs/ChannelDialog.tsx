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
import { useRefusalWords } from "../recovery/useRefusalWords.ts"
import { mayDeleteChannel } from "../rights.ts"
import { RetentionField, toDays, toText } from "./RetentionField.tsx"
import { useDialogs } from "./useDialogs.tsx"

export function ChannelDialog({ id, onClose }: { id: string | null; onClose: () => void }) {
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
    if (asking.current) return
    asking.current = true
    const wanted = { name: name.trim(), topic: topic.trim() }
    if (id === null) {
      const { name, topic } = wanted
      void chat.ask({ type: "channel.create", name, ...(topic === "" ? {} : { topic }) }).then((made) => {
        if (made instanceof Refused) return settle(made.code, finish)
        settle(null, finish)
        if (there.current && made.type === "ack" && made.channel !== null) chat.open(made.channel)
      })
      return
    }
    const retention = me.role === "admin" ? { retention_days: toDays(days) } : {}
    void chat.change({ type: "channel.update", id, ...wanted, ...retention }).then((code) => settle(code, finish))
  }
  return (
    <Dialog title={t(id === null ? "channel.create" : "channel.edit")} onClose={onClose}>
      <form className="form" noValidate onSubmit={submit}>
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
        {id !== null && me.role === "admin" && (
          <RetentionField label={t("retention.channel")} value={days} onChange={setDays} />
        )}
        <div className="form__buttons">
          {channel !== undefined && (
            <span className="form__group">
              {" "}
              <Button
                onClick={() =>
                  void chat
                    .change({ type: "channel.update", id: channel.id, archived: !channel.archived })
                    .then((code) => settle(code, onClose))
                }
              >
                <Icon of={channel.archived ? ArchiveRestore : Archive} />{" "}
                {t(channel.archived ? "channel.restore" : "channel.archive")}
              </Button>
              {mayDeleteChannel(me, channel) && (
                <Button kind="danger" onClick={() => dialogs.show({ kind: "delete", channel: channel.id })}>
                  <Icon of={Trash2} /> {t("channel.delete")}
                </Button>
              )}
            </span>
          )}
          <span className="form__group">
            <Button onClick={done}>{t("cancel")}</Button>
            <Button kind="primary" type="submit" disabled={isEmpty(name)}>
              {t(id === null ? "channel.createButton" : "save")}
            </Button>
          </span>
        </div>
      </form>
    </Dialog>
  )
}
