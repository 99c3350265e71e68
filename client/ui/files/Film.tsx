/** A film: nothing of it is fetched before somebody wants to see it. */
import { Play } from "lucide"
import { useState } from "react"
import type { FileInfo, Files } from "../../core/files/types.ts"
import { useWords } from "../context.ts"
import { Icon } from "../kit/Icon.tsx"
import { nameOf } from "./altOf.ts"
import { useAddress, useOpening } from "./opening.ts"
import { useHash } from "./Picture.tsx"
import { usePicture } from "./pictures.ts"
import { durationOf, percent, sizeOf } from "./sizes.ts"
import { Trouble } from "./Trouble.tsx"

export function Film({ engine, file }: { readonly engine: Files; readonly file: FileInfo }) {
  const t = useWords()
  const opening = useOpening(engine.downloads, file)
  const still = usePicture(engine.downloads, file, false, file.thumb !== undefined)
  const hash = useHash(file)
  const [film, setFilm] = useState<Blob | null>(null)
  const [unplayable, setUnplayable] = useState(false)
  const address = useAddress(film)
  const play = () => opening.start((blob) => setFilm(new Blob([blob], { type: file.type })))
  const problem = unplayable ? "unshown" : opening.problem
  if (problem !== null) return <Trouble engine={engine} file={file} problem={problem} onRetry={play} />
  if (address !== null)
    return (
      // biome-ignore lint/a11y/useMediaCaption: what people send has none
      <video className="film" src={address} controls autoPlay playsInline onError={() => setUnplayable(true)} />
    )
  const { come } = opening
  return (
    <button className="picture" type="button" style={hash} onClick={come === null ? play : opening.stop}>
      <span className="for-listeners">
        {t(come === null ? "files.play" : "files.stop", { name: file.alt || nameOf(t, file.name) })}
      </span>
      {still.url !== null && <img className="picture__image" src={still.url} alt="" />}
      <span className="film__play">{come === null ? <Icon of={Play} /> : percent(t, come)}</span>
      <span className="film__length">
        {file.duration === undefined ? sizeOf(t, file.size) : durationOf(file.duration)}
      </span>
    </button>
  )
}
