/** A picture in its place; a press shows it large. */
import { useMemo } from "react"
import type { FileInfo, Files } from "../../core/files/types.ts"
import { useWords } from "../context.ts"
import { altOf } from "./altOf.ts"
import { pictureOfHash } from "./hashes.ts"
import { usePicture } from "./pictures.ts"
import { Trouble } from "./Trouble.tsx"

/** What moves is shown as it moves, unless it is large. */
const MOVING_BYTES = 4_000_000
const SMALL_BYTES = 1_000_000
const TINY_PIXELS = 112
const still = matchMedia("(prefers-reduced-motion: reduce)")

interface PictureProps {
  readonly engine: Files
  readonly file: FileInfo
  readonly isWanted?: boolean
  readonly onOpen: () => void
}

export function Picture({ engine, file, isWanted = true, onOpen }: PictureProps) {
  const t = useWords()
  const isMoving = file.type === "image/gif" && file.size < MOVING_BYTES && !still.matches
  const isWhole = isMoving || file.thumb === undefined
  const tooMuch = isWhole && !isMoving && file.size > SMALL_BYTES
  const picture = usePicture(engine.downloads, file, isWhole, isWanted && !tooMuch)
  const hash = useHash(file)
  const isTiny = Math.max(file.width ?? 0, file.height ?? 0) < TINY_PIXELS
  if (picture.problem !== null)
    return <Trouble engine={engine} file={file} problem={picture.problem} onRetry={picture.retry} />
  return (
    <button className="picture" type="button" style={hash} title={file.alt} onClick={onOpen}>
      {picture.url === null ? (
        <span className="for-listeners">{altOf(t, file)}</span>
      ) : (
        <img
          className={isTiny ? "picture__image picture__image--tiny" : "picture__image"}
          src={picture.url}
          alt={altOf(t, file)}
          decoding="async"
          onError={picture.onError}
        />
      )}
    </button>
  )
}

/** What is seen while a picture comes. */
export function useHash({ hash }: FileInfo) {
  const url = useMemo(() => pictureOfHash(hash), [hash])
  return url === null ? undefined : { backgroundImage: `url(${url})` }
}
