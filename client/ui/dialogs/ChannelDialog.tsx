/** A new channel, or the name, topic and fate of one there is. What was typed waits, however the dialog was closed. */
import { Archive, ArchiveRestore, Trash2 } from "lucide"
import { type FormEvent, useState } from "react"
import { isEmpty } from "../../core/visible.ts"
import { useChanged } from "../composer/useNote.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { Field } from "../kit/Field.tsx"
import { Icon } from "../kit/Icon.tsx"
import { mayDeleteChannel } from "../rights.ts"
import { RetentionField, toDays, toText } from "./RetentionField.tsx"
import { useDialogs } from "./useDialogs.tsx"

export function ChannelDialog({ id, onClose }: { id: string | null; onClose: () => void }) {
  const t = useWords()
  const chat = useChat()
  const dialogs = useDialogs()
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
  const finish = (code: string | null) => (code === null ? done() : setRefusal(code))
  const close = (code: string | null) => (code === null ? onClose() : setRefusal(code))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const wanted = { name: name.trim(), topic: topic.trim() }
    if (id === null) {
      void chat.createChannel(wanted.name, wanted.topic).then((made) => {
        if (typeof made !== "string") return finish(made.code)
        done()
        chat.open(made)
      })
      return
    }
    const retention = me.role === "admin" ? { retention_days: toDays(days) } : {}
    void chat.change({ type: "channel.update", id, ...wanted, ...retention }).then(finish)
  }
  const key = `channel.refused.${refusal}`
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
          error={refusal === null ? null : t.has(key) ? t(key) : t("refused.internal")}
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
                  void chat.change({ type: "channel.update", id: channel.id, archived: !channel.archived }).then(close)
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
