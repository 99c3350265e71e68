/** The links that still let somebody in: one's own, for admins all. */
import { Link } from "lucide"
import { useCallback, useEffect, useState } from "react"
import { type Invite, invitesIn } from "../../core/openInvites.ts"
import { nameOf } from "../../core/room.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { ConfirmDialog } from "../dialogs/ConfirmDialog.tsx"
import { Button } from "../kit/Button.tsx"
import { Icon } from "../kit/Icon.tsx"
import { NotLoaded } from "../kit/NotLoaded.tsx"
import { useThere } from "../kit/useThere.ts"

/** @param times how many were made here: each is in the list. */
export function InviteList({ times }: { times: number }) {
  const t = useWords()
  const chat = useChat()
  const there = useThere()
  const members = useChatState(({ room }) => room.members)
  const role = useChatState(({ room }) => room.me.role)
  const [invites, setInvites] = useState<readonly Invite[] | null>(null)
  const [failed, setFailed] = useState(false)
  const [revoked, setRevoked] = useState<Invite | null>(null)
  const load = useCallback(async () => {
    const answer = await chat.ask({ type: "invites" })
    if (!there.current) return
    setFailed(!("invites" in answer))
    if ("invites" in answer) setInvites(invitesIn(answer.invites))
  }, [chat, there])
  const count = Object.keys(members).length
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new link, or a new member, is in the list, and an admin sees all
  useEffect(() => void load(), [load, times, count, role])
  const revoke = async (id: string) => {
    const code = await chat.change({ type: "invite.revoke", id })
    await load()
    // Somebody else was quicker: it is gone, as it was meant to be.
    return code === "not_found" ? null : code
  }
  return (
    <section>
      <h3 className="settings__heading">{t("invites.open")}</h3>
      {failed && <NotLoaded text={t("devices.failed")} onRetry={() => void load()} />}
      {invites === null && !failed && <p role="status">{t("loading")}</p>}
      {invites?.length === 0 && <p className="field__hint">{t("invites.none")}</p>}
      <ul className="devices">
        {invites?.map((invite) => (
          <InviteItem key={invite.id} invite={invite} onRevoke={() => setRevoked(invite)} />
        ))}
      </ul>
      {revoked !== null && (
        <ConfirmDialog
          title={t("invites.revokeTitle")}
          action={t("invites.revoke")}
          onConfirm={() => revoke(revoked.id)}
          onClose={() => setRevoked(null)}
        >
          <p>{t("invites.revokeText")}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}

function InviteItem({ invite, onRevoke }: { invite: Invite; onRevoke: () => void }) {
  const t = useWords()
  const { label, by, uses, used, expires_at } = invite
  const mine = useChatState(({ room }) => room.me.id === by)
  const name = useChatState(({ room }) => nameOf(room, by) ?? t("member.gone"))
  const guests = useChatState(({ room }) => used.map((id) => nameOf(room, id) ?? t("member.gone")).join(", "))
  const called = label === "" ? t("invites.unnamed") : label
  const count = used.length
  return (
    <li className="device device--wraps">
      <Icon of={Link} />
      <div className="device__words">
        <bdi className="device__name">{called}</bdi>
        <span className="device__seen">
          {mine ? "" : `${t("invites.by", { name })} `}
          {uses === null ? t("invites.usedAny", { count }) : t("invites.used", { used: count, count: uses })}{" "}
          {t("invites.until", { when: t.moment(expires_at) })}
        </span>
        {guests !== "" && <span className="device__seen">{t("invites.guests", { names: guests })}</span>}
      </div>
      <Button small label={t("invites.revokeOne", { label: called })} onClick={onRevoke}>
        {t("invites.revoke")}
      </Button>
    </li>
  )
}
