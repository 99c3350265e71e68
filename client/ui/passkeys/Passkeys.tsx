/** The member's passkeys: each with a way to remove it, and a form for another one. */
import { KeyRound } from "lucide"
import { type FormEvent, useCallback, useEffect, useRef, useState } from "react"
import { MAIN_ROOM } from "../../core/contract.ts"
import { listDevices } from "../../core/devices.ts"
import { addPasskey, listPasskeys, type Passkey, removePasskey } from "../../core/passkeys.ts"
import { useApp, useChat, useChatState } from "../context.ts"
import { ConfirmDialog } from "../dialogs/ConfirmDialog.tsx"
import { Button } from "../kit/Button.tsx"
import { Field } from "../kit/Field.tsx"
import { FieldError } from "../kit/FieldError.tsx"
import { Icon } from "../kit/Icon.tsx"
import { NotLoaded } from "../kit/NotLoaded.tsx"
import { useNow } from "../kit/useNow.ts"
import { useThere } from "../kit/useThere.ts"
import { refusalWords } from "../refusalWords.ts"

export function Passkeys() {
  const { t, entrance } = useApp()
  const { api } = entrance
  const [passkeys, setPasskeys] = useState<readonly Passkey[] | null>(null)
  const [failed, setFailed] = useState(false)
  const [removing, setRemoving] = useState<Passkey | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const isRemoved = useRef(false)
  const load = useCallback(async () => {
    const answer = await listPasskeys(api)
    setFailed(!answer.ok)
    if (answer.ok) setPasskeys(answer.value)
  }, [api])
  useEffect(() => void load(), [load])
  const remove = async ({ id }: Passkey) => {
    const answer = await removePasskey(api, id)
    // It may have been removed elsewhere.
    if (!answer.ok && answer.problem.code !== "not_found") return answer.problem.code
    isRemoved.current = true
    await load()
    return null
  }
  // The button that had the focus went with its passkey.
  useEffect(() => {
    if (removing !== null || !isRemoved.current) return
    isRemoved.current = false
    heading.current?.focus()
  }, [removing])
  return (
    <section>
      <h3 className="settings__heading" ref={heading} tabIndex={-1}>
        {t("passkeys")}
      </h3>
      <div className="form">
        <p className="field__hint">{t("passkeys.hint")}</p>
        {failed && <NotLoaded text={t("passkeys.failed")} onRetry={() => void load()} />}
        {passkeys === null && !failed && <p>{t("loading")}</p>}
        {passkeys !== null && passkeys.length > 0 && (
          <ul className="devices">
            {passkeys.map((passkey) => (
              <PasskeyItem key={passkey.id} passkey={passkey} onRemove={() => setRemoving(passkey)} />
            ))}
          </ul>
        )}
        {passkeys !== null && <NewPasskey passkeys={passkeys} onAdded={load} />}
        {removing !== null && (
          <ConfirmDialog
            title={t("passkey.removeTitle", { name: removing.name })}
            action={t("passkey.remove")}
            place="passkey"
            onConfirm={() => remove(removing)}
            onClose={() => setRemoving(null)}
          >
            <p>{t("passkey.removeText")}</p>
          </ConfirmDialog>
        )}
      </div>
    </section>
  )
}

function PasskeyItem({ passkey, onRemove }: { passkey: Passkey; onRemove: () => void }) {
  const { t } = useApp()
  const now = useNow(60_000)
  const { name, created_at, used_at } = passkey
  const created = t.ago(created_at, now)
  return (
    <li className="device">
      <Icon of={KeyRound} />
      <div className="device__words">
        <bdi className="device__name">{name}</bdi>
        <span className="device__seen">
          {used_at === null
            ? t("passkey.unused", { created })
            : t("passkey.used", { created, used: t.ago(used_at, now) })}
        </span>
      </div>
      <Button small onClick={onRemove} label={t("passkey.removeName", { name })}>
        {t("passkey.remove")}
      </Button>
    </li>
  )
}

function NewPasskey({ passkeys, onAdded }: { passkeys: readonly Passkey[]; onAdded: () => Promise<void> }) {
  const { t, entrance } = useApp()
  const { api, room } = entrance
  const chat = useChat()
  const me = useChatState((state) => state.room.me)
  const there = useThere()
  const [name, setName] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const begin = async () => {
    const devices = await listDevices(api)
    const own = devices.ok ? devices.value.find(({ current }) => current)?.agent : undefined
    setName(unused(own || t("passkey.suggested"), passkeys))
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || name === null) return
    setBusy(true)
    setTrouble(null)
    // Rooms of one host share the browser's list, where only the name tells them apart.
    const stage = entrance.store.get()
    const title = stage.stage === "inside" ? stage.title : room
    const owner = { id: me.id, name: room === MAIN_ROOM ? me.name : `${me.name} (${room})`, title }
    const added = await addPasskey(api, navigator.credentials, owner, name.trim() || t("passkey.suggested"), passkeys)
    if (!there.current) return
    setBusy(false)
    if (!added.ok) return setTrouble(added.code)
    setName(null)
    chat.showNotice("saved")
    await onAdded()
  }
  if (name === null) {
    return (
      <div className="form__buttons">
        <Button onClick={() => void begin()}>{t("passkey.add")}</Button>
      </div>
    )
  }
  return (
    <form className="form" noValidate onSubmit={(event) => void submit(event)}>
      <Field
        label={t("passkey.name")}
        hint={t("passkey.nameHint")}
        value={name}
        onChange={setName}
        maxLength={MOST_NAME}
        focused
      />
      <FieldError>{trouble !== null && refusalWords(t, trouble, "passkey")}</FieldError>
      <div className="form__buttons">
        <Button onClick={() => setName(null)}>{t("cancel")}</Button>
        <Button type="submit" kind="primary" busy={busy} disabled={busy}>
          {t("passkey.make")}
        </Button>
      </div>
    </form>
  )
}

/** src/limits.py. */
const MOST_NAME = 40

/** The name, with a number if there is one of that name. */
function unused(name: string, passkeys: readonly Passkey[]): string {
  const taken = new Set(passkeys.map((passkey) => passkey.name))
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name.slice(0, MOST_NAME - 3)} ${number}`
    if (!taken.has(candidate)) return candidate
  }
}
