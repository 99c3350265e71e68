/** The pictures and files of a message. Their room is kept from the start, so that nothing moves when they come. */
import type { CSSProperties } from "react"
import { inSight, roomFor } from "../../core/files/kinds.ts"
import type { FileInfo } from "../../core/files/types.ts"
import { useQuietPart } from "../kit/part.ts"
import { shownFiles } from "./parts.ts"
import type { ShownFilesProps } from "./ShownFiles.tsx"

export function FilesPlace(props: ShownFilesProps) {
  const { Ready } = useQuietPart(shownFiles, true)
  if (Ready !== null) return <Ready {...props} />
  const [seen, cards] = inSight(props.files)
  return (
    <div className="files">
      {seen.length > 0 && <div className="files__seen" style={styleOf(seen)} />}
      {cards.map(({ id }) => (
        <div key={id} className="file-card" />
      ))}
    </div>
  )
}

export function styleOf(seen: readonly FileInfo[]): CSSProperties {
  const { ratio, rem } = roomFor(seen)
  return { aspectRatio: `${ratio}`, inlineSize: `min(100%, ${rem}rem)` }
}
