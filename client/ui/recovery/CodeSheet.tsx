/**
 * A new code, shown this once. It is good from the moment when the server has its proof, which it gets as soon as somebody
 * takes the code along in whatever way; until then nothing here says that it is.
 */
import { Copy, Download, Printer } from "lucide"
import { Fragment, useState } from "react"
import { inGroupsOfFive } from "../../core/recovery.ts"
import { useApp, useChat, useChatState } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { FieldError } from "../kit/FieldError.tsx"
import { Icon } from "../kit/Icon.tsx"
import { untranslated } from "../kit/untranslated.ts"
import { refusalWords } from "../refusalWords.ts"
import { saveText, sheetOf } from "./sheet.ts"
import { useNewCode } from "./useNewCode.ts"

export function CodeSheet({ onClose }: { onClose: () => void }) {
  const { t } = useApp()
  const chat = useChat()
  const name = useChatState(({ room }) => room.me.name)
  const { code, state, keep } = useNewCode()
  const [copied, setCopied] = useState(false)
  const shown = inGroupsOfFive(code)
  const sheet = useSheet(shown)
  const copy = () => {
    void navigator.clipboard.writeText(shown).then(
      () => {
        setCopied(true)
        void keep()
      },
      () => chat.showNotice("not_copied"),
    )
  }
  const save = () => {
    saveText(sheet.file, sheet.lines)
    void keep()
  }
  const printOut = () => {
    print()
    void keep()
  }
  const finish = async () => {
    if (await keep()) onClose()
  }
  return (
    <div className="form">
      <p>{t("recovery.text", { name })}</p>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be for what can be filled in */}
      <div className="recovery__code" role="group" aria-label={t("recovery.code")} ref={untranslated}>
        <Groups shown={shown} />
      </div>
      <div className="recovery__ways">
        <Button onClick={copy}>
          <Icon of={Copy} /> <span key={String(copied)}>{t(copied ? "copied" : "recovery.copy")}</span>
        </Button>
        <Button onClick={save}>
          <Icon of={Download} /> {t("recovery.download")}
        </Button>
        <Button onClick={printOut}>
          <Icon of={Printer} /> {t("recovery.print")}
        </Button>
      </div>
      <div className="recovery__state" role="status">
        {state.step === "stored" && <p className="recovery__stored">{t("recovery.stored")}</p>}
        {state.step === "saving" && <p>{t("recovery.saving")}</p>}
      </div>
      <FieldError>
        {state.step === "failed" && (
          <>
            {t("recovery.failed")} {refusalWords(t, state.code)}
          </>
        )}
      </FieldError>
      <div className="form__buttons">
        <Button kind="primary" busy={state.step === "saving"} onClick={() => void finish()}>
          {t(state.step === "failed" ? "retry" : state.step === "stored" ? "recovery.done" : "recovery.kept")}
        </Button>
      </div>
      <div className="recovery__paper" ref={untranslated} aria-hidden="true">
        {sheet.lines.map((line) => (
          <p key={line} className={line === shown ? "recovery__printed" : undefined}>
            {line}
          </p>
        ))}
      </div>
    </div>
  )
}

/** Where the screen is narrow the line may end after a dash, which a digit behind it would not allow. */
function Groups({ shown }: { shown: string }) {
  return shown.split(/(?<=-)/).map((group, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: two groups of a code may be the same, and none ever moves
    <Fragment key={index}>
      {group}
      <wbr />
    </Fragment>
  ))
}

function useSheet(shown: string) {
  const { t, entrance, ports } = useApp()
  const name = useChatState(({ room }) => room.me.name)
  const state = entrance.store.get()
  const title = state.stage === "inside" ? state.title : entrance.room
  const address = `${ports.origin}${location.pathname}`
  return sheetOf(t, { name, title, address, code: shown, made: ports.clock.now() })
}
