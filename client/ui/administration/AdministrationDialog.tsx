/** What admins look after, in sections: beside the list of them; on a phone the list, and then what was chosen of it. */

import { type KeyboardEvent, useEffect, useRef, useState } from "react"
import { useWords } from "../context.ts"
import { RoomRules } from "../dialogs/RoomRules.tsx"
import { useAdminsOnly } from "../dialogs/useAdminsOnly.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { useNarrow } from "../screen/useNarrow.ts"
import { Acts } from "./Acts.tsx"
import { Invites } from "./Invites.tsx"
import { Members } from "./Members.tsx"
import { Passwords } from "./Passwords.tsx"
import { Programs } from "./Programs.tsx"
import { Storage } from "./Storage.tsx"

const SECTIONS = {
  members: Members,
  invites: Invites,
  programs: Programs,
  retention: RoomRules,
  storage: Storage,
  passwords: Passwords,
  acts: Acts,
}
type Section = keyof typeof SECTIONS
// as: the keys of an object that this module has made.
const NAMES = Object.keys(SECTIONS) as Section[]

export function AdministrationDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useWords()
  const narrow = useNarrow()
  const [chosen, setChosen] = useState<Section | null>(null)
  const place = useRef<HTMLDivElement>(null)
  const shown = chosen ?? (narrow ? null : "members")
  const left = useRef<Section | null>(null)
  useEffect(() => {
    if (!narrow) return
    // What had the focus is not there any more.
    const next = chosen === null ? left.current && `[data-section="${left.current}"]` : ".administration__back > button"
    if (next) place.current?.querySelector<HTMLElement>(next)?.focus()
    left.current = chosen
  }, [chosen, narrow])
  useAdminsOnly(onClose)
  const back = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== "Escape" || !narrow || chosen === null || hasDialog(event)) return
    event.preventDefault()
    setChosen(null)
  }
  const View = shown && SECTIONS[shown]
  return (
    <Dialog title={t("administration")} onClose={onClose} wide>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: hears the keys of what is inside */}
      <div className="administration" ref={place} onKeyDown={back}>
        {(!narrow || shown === null) && (
          <nav aria-label={t("administration")}>
            <ul className="administration__sections">
              {NAMES.map((name) => (
                <li key={name}>
                  <button
                    type="button"
                    className="administration__section"
                    data-section={name}
                    aria-current={name === shown ? "page" : undefined}
                    onClick={() => setChosen(name)}
                  >
                    {t(`admin.${name}`)}
                  </button>
                </li>
              ))}
            </ul>
          </nav>
        )}
        {View !== null && shown !== null && (
          <section className="administration__view" aria-label={t(`admin.${shown}`)}>
            {narrow && (
              <div className="administration__back">
                <Button small onClick={() => setChosen(null)}>
                  {t("admin.back")}
                </Button>
                <strong>{t(`admin.${shown}`)}</strong>
              </div>
            )}
            <View key={shown} />
          </section>
        )}
      </div>
    </Dialog>
  )
}

/** Whether the key was pressed in a question that lies over this one: it closes that. */
function hasDialog({ target, currentTarget }: KeyboardEvent<HTMLElement>): boolean {
  return target instanceof Element && target.closest("dialog") !== currentTarget.closest("dialog")
}
