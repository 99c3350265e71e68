/** Takes along what was said: what goes into the file, how far it is, and what came of it. */
import { useState } from "react"
import { useApp } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { ExportForm } from "./ExportForm.tsx"
import { ExportProgress } from "./ExportProgress.tsx"
import { type Choices, useExport } from "./useExport.ts"

export function ExportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useApp()
  const { state, start, cancel } = useExport()
  const [choices, setChoices] = useState<Choices>({ scope: "seen", flavour: "own", files: true, passphrase: "" })
  // While it runs, a press beside the dialog ends nothing.
  const close = state.stage === "running" ? () => undefined : onClose
  return (
    <Dialog title={t("export")} onClose={close} wide>
      {state.stage === "choosing" && (
        <ExportForm
          choices={choices}
          refusal={state.refusal}
          onChange={setChoices}
          onStart={() => void start(choices)}
          onClose={onClose}
        />
      )}
      {state.stage === "running" && (
        <ExportProgress progress={state.progress} sealing={choices.passphrase !== ""} onCancel={cancel} />
      )}
      {state.stage === "done" && (
        <div className="form">
          <p role="status">{t("export.done", { name: state.name })}</p>
          {state.missing > 0 && <p>{t("export.missing", { count: state.missing })}</p>}
          <div className="form__buttons">
            <Button kind="primary" onClick={onClose}>
              {t("close")}
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  )
}
