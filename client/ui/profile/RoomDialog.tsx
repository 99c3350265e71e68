/** How the room looks, for admins: its name, its colour, its picture. */

import { type FormEvent, useId, useState } from "react"
import { COLOUR_NAMES } from "../../core/roomColours.ts"
import { useApp, useChat, useChatState } from "../context.ts"
import { useAdminsOnly } from "../dialogs/useAdminsOnly.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { Field } from "../kit/Field.tsx"
import { FieldError } from "../kit/FieldError.tsx"
import { RoomSign } from "../kit/RoomSign.tsx"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"
import { PictureField } from "./PictureField.tsx"

/** src/limits.py: no room has a longer one. */
const MOST_NAME = 60
const COLOURS = ["", ...COLOUR_NAMES] as const

export function RoomDialog({ onClose }: { onClose: () => void }) {
  const { t, entrance } = useApp()
  const chat = useChat()
  useAdminsOnly(onClose)
  const refusalWords = useRefusalWords()
  const look = useChatState(({ room }) => room.look)
  const [name, setName] = useState(look?.name ?? "")
  const [colour, setColour] = useState<string>(look?.colour ?? "")
  const [trouble, setTrouble] = useState<string | null>(null)
  const group = useId()
  const entered = entrance.store.get()
  const title = name.trim() || look?.title || (entered.stage === "inside" ? entered.title : entrance.room)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const code = await chat.change({ type: "room.update", name: name.trim() || null, colour: colour || null })
    setTrouble(code)
    if (code !== null) return
    chat.showNotice("saved")
    onClose()
  }
  return (
    <Dialog title={t("profile.room")} onClose={onClose}>
      <PictureField
        has={Boolean(look?.picture)}
        hint={t("profile.roomPictureHint")}
        onChange={(picture) => chat.change({ type: "room.update", picture })}
      >
        <RoomSign title={title} colour={colour} picture={look?.picture} />
      </PictureField>
      <form className="form" noValidate onSubmit={(event) => void submit(event)}>
        <Field
          label={t("profile.roomName")}
          value={name}
          onChange={setName}
          maxLength={MOST_NAME}
          hint={t("profile.roomNameHint")}
        />
        <fieldset className="swatches">
          <legend className="field__label">{t("profile.colour")}</legend>
          {COLOURS.map((each) => (
            <label key={each} className="swatches__one" title={t(`profile.colour.${each || "none"}`)}>
              <input
                className="swatches__input"
                type="radio"
                name={group}
                value={each}
                checked={colour === each}
                aria-label={t(`profile.colour.${each || "none"}`)}
                onChange={() => setColour(each)}
              />
              <span className={each === "" ? "swatches__none" : `avatar avatar--small avatar--${each}`} />
            </label>
          ))}
        </fieldset>
        <FieldError>{trouble !== null && refusalWords(trouble)}</FieldError>
        <div className="form__buttons">
          <Button kind="primary" type="submit">
            {t("save")}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
