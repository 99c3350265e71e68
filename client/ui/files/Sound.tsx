/** A sound: a card whose player comes when it is pressed, in the same place. */
import { Play, Square } from "lucide"
import { type ReactNode, useState } from "react"
import type { FileInfo, Files } from "../../core/files/types.ts"
import { useWords } from "../context.ts"
import { IconButton } from "../kit/IconButton.tsx"
import { nameOf } from "./altOf.ts"
import { FileName } from "./FileName.tsx"
import { useAddress, useOpening, useSaving } from "./opening.ts"
import { SaveButton } from "./SaveButton.tsx"
import { durationOf, percent, sizeOf } from "./sizes.ts"

interface SoundProps {
  readonly engine: Files
  readonly file: FileInfo
  readonly going: ReactNode
}

export function Sound({ engine, file, going }: SoundProps) {
  const t = useWords()
  const opening = useOpening(engine.downloads, file)
  const saving = useSaving(engine.downloads, file)
  const [sound, setSound] = useState<Blob | null>(null)
  const [unplayable, setUnplayable] = useState(false)
  const address = useAddress(sound)
  const { come } = opening
  const name = nameOf(t, file.name)
  const problem = opening.problem ?? saving.problem ?? (unplayable ? "unshown" : null)
  const length = [file.duration === undefined ? [] : durationOf(file.duration), sizeOf(t, file.size)].flat()
  return (
    <div className="file-card">
      <IconButton
        className="file-card__icon"
        icon={come === null ? Play : Square}
        name={t(come === null ? "files.play" : "files.stop", { name })}
        onClick={
          come === null ? () => opening.start((blob) => setSound(new Blob([blob], { type: file.type }))) : opening.stop
        }
      />
      <div className="file-card__words">
        <FileName name={file.name} />
        {address !== null && !unplayable ? (
          // biome-ignore lint/a11y/useMediaCaption: what people send has none
          <audio
            className="sound"
            src={address}
            controls
            autoPlay
            aria-label={name}
            onError={() => setUnplayable(true)}
          />
        ) : (
          <span className="file-card__about" role="status">
            {problem !== null ? t(`files.problem.${problem}`) : come !== null ? percent(t, come) : length.join(" · ")}
          </span>
        )}
      </div>
      {going || <SaveButton saving={saving} name={name} />}
    </div>
  )
}
