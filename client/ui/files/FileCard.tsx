/** A file that is not shown: what it is called, how large it is, and a way to save it. */
import { File, FileArchive, FileImage, FilePlay, FileText } from "lucide"
import type { ReactNode } from "react"
import type { FileInfo, Files } from "../../core/files/types.ts"
import { useWords } from "../context.ts"
import { Icon } from "../kit/Icon.tsx"
import { nameOf } from "./altOf.ts"
import { FileName } from "./FileName.tsx"
import { useSaving } from "./opening.ts"
import { SaveButton } from "./SaveButton.tsx"
import { sizeOf } from "./sizes.ts"

interface FileCardProps {
  readonly engine: Files
  readonly file: FileInfo
  /** How far it is on its way, in place of the way to save it. */
  readonly going: ReactNode
}

export function FileCard({ engine, file, going }: FileCardProps) {
  const t = useWords()
  const saving = useSaving(engine.downloads, file)
  const { come, problem } = saving
  const size = sizeOf(t, file.size)
  return (
    <div className="file-card">
      <span className="file-card__icon">
        <Icon of={iconOf(file.type)} />
      </span>
      <div className="file-card__words">
        <FileName name={file.name} />
        <span
          className={problem === null ? "file-card__about" : "file-card__about file-card__about--trouble"}
          role="status"
        >
          {problem !== null
            ? t(`files.problem.${problem}`)
            : come === null
              ? size
              : t("files.of", { come: sizeOf(t, come * file.size), size })}
        </span>
      </div>
      {going || <SaveButton saving={saving} name={nameOf(t, file.name)} />}
      {come !== null && <progress className="going__bar" value={come} aria-label={nameOf(t, file.name)} />}
    </div>
  )
}

export function iconOf(type: string) {
  if (/zip|compressed|tar|rar|7z/.test(type)) return FileArchive
  if (/^text|pdf|document|msword|rtf|sheet|presentation/.test(type)) return FileText
  if (type.startsWith("image/")) return FileImage
  return /^(video|audio)\//.test(type) ? FilePlay : File
}
