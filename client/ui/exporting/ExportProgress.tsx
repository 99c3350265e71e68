/** How far an export is. */
import type { Progress } from "../../core/archive/writer.ts"
import { useWords } from "../context.ts"
import { sizeOf } from "../files/sizes.ts"
import { Button } from "../kit/Button.tsx"

interface ExportProgressProps {
  /** Null: nothing has been read. */
  readonly progress: Progress | null
  readonly sealing: boolean
  readonly onCancel: () => void
}

export function ExportProgress({ progress, sealing, onCancel }: ExportProgressProps) {
  const t = useWords()
  const files = progress?.files ?? null
  const part = files === null || files.ofBytes === 0 ? undefined : files.bytes / files.ofBytes
  return (
    <div className="form">
      <progress aria-label={t("export")} max={1} value={part} />
      {progress === null && <p>{t(sealing ? "export.sealing" : "loading")}</p>}
      {progress !== null && files === null && (
        <p>{t("export.messages", { count: progress.messages, channel: progress.channel })}</p>
      )}
      {files !== null && (
        <p>
          {t("export.filesDone", {
            done: files.done,
            of: files.of,
            bytes: sizeOf(t, files.bytes),
            ofBytes: sizeOf(t, files.ofBytes),
          })}
        </p>
      )}
      <p className="field__hint">{t("export.stayHere")}</p>
      <div className="form__buttons">
        <Button onClick={onCancel}>{t("cancel")}</Button>
      </div>
    </div>
  )
}
