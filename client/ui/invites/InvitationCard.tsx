/** On the welcome of an empty room: a link as most people want it, made by one press. Choices are in InviteDialog.tsx. */
import { useEffect } from "react"
import { pathOf } from "../../browser/places.ts"
import { useApp } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"
import { LinkBox } from "./LinkBox.tsx"
import { useHanding } from "./useHanding.ts"
import { USUAL, useMaking } from "./useMaking.ts"

export function InvitationCard({ onMade }: { onMade: () => void }) {
  const { t, entrance, ports } = useApp()
  const refusalWords = useRefusalWords()
  const words = useHanding()
  const { made, refusal, busy, make } = useMaking()
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each link, whoever is told of it
  useEffect(() => {
    if (made !== null) onMade()
  }, [made])
  const create = () => {
    if (!busy) void make(USUAL)
  }
  if (made !== null) {
    return (
      <>
        <LinkBox link={made.link} words={words} />
        <p className="field__hint">{t("invites.once", { when: t.moment(made.expires_at) })}</p>
      </>
    )
  }
  return (
    <>
      <p>{t("invites.text")}</p>
      <Button kind="primary" busy={busy} onClick={create}>
        {t("invites.make")}
      </Button>
      {refusal !== null && <p role="alert">{refusalWords(refusal, "invites")}</p>}
      <p className="field__hint">{t("invites.usual")}</p>
      <p className="field__hint">
        {t("invites.address")} <bdi dir="ltr">{ports.origin.replace(/^https?:\/\//, "") + pathOf(entrance.room)}</bdi>
      </p>
    </>
  )
}
