/** A picture in its place; a press shows it large. */
import { Play } from "lucide"
import { useMemo } from "react"
import { kindOf } from "../../core/files/kinds.ts"
import type { FileInfo, Files } from "../../core/files/types.ts"
import { useWords } from "../context.ts"
import { Icon } from "../kit/Icon.tsx"
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
  const picture = useSmall(engine, file, isWanted)
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
      {kindOf(file) === "video" && (
        <span className="film__play">
          <Icon of={Play} />
        </span>
      )}
    </button>
  )
}

/** A picture for a small place: the one that came with it, if there is one; a large one, or a film, is not fetched for that. */
export function useSmall({ downloads }: Files, file: FileInfo, isWanted: boolean) {
  const isPicture = kindOf(file) === "picture"
  const isMoving = file.type === "image/gif" && file.size < MOVING_BYTES && !still.matches
  const isWhole = isPicture && (isMoving || file.thumb === undefined)
  const isThere = isMoving || file.thumb !== undefined || (isPicture && file.size < SMALL_BYTES)
  return usePicture(downloads, file, isWhole, isWanted && isThere)
}

/** What is seen while a picture comes. */
export function useHash({ hash }: FileInfo) {
  const url = useMemo(() => pictureOfHash(hash), [hash])
  return url === null ? undefined : { backgroundImage: `url(${url})` }
}
