/** The pictures and files of a message: what can be seen as a grid, everything else as cards below it. */
import { useEffect } from "react"
import { inSight, kindOf } from "../../core/files/kinds.ts"
import type { FileInfo } from "../../core/files/types.ts"
import type { Outgoing } from "../../core/ports.ts"
import type { Said } from "../../core/protocol.ts"
import { useChat } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { useFiles } from "./engine.ts"
import { FileCard } from "./FileCard.tsx"
import { styleOf } from "./FilesPlace.tsx"
import { Film } from "./Film.tsx"
import { Going } from "./Going.tsx"
import { Picture } from "./Picture.tsx"
import { forgetPictures } from "./pictures.ts"
import { Sending } from "./Sending.tsx"
import { Sound } from "./Sound.tsx"

export interface ShownFilesProps {
  readonly files: readonly FileInfo[]
  readonly message: Said | Outgoing
  /** It is on its way: how far, and a way to call it off. */
  readonly isOutgoing?: boolean
}

export function ShownFiles({ files, message, isOutgoing = false }: ShownFilesProps) {
  const dialogs = useDialogs()
  const engine = useFiles()
  const [seen, cards] = inSight(files)
  useForgetting(files, message)
  const view = (first: number) =>
    dialogs.show({ kind: "viewer", items: seen.map((file) => ({ file, message })), first })
  const going = (id: string) => engine !== null && isOutgoing && <Going engine={engine} id={id} />
  return (
    <div className="files">
      {seen.length > 0 && (
        <ul className={seen.length > 1 ? `files__seen files__grid` : "files__seen"} style={styleOf(seen)}>
          {seen.map((file, index) => (
            <li key={file.id} className={cellOf(index, seen.length)}>
              {engine !== null &&
                (kindOf(file) === "video" ? (
                  <Film engine={engine} file={file} />
                ) : (
                  <Picture engine={engine} file={file} onOpen={() => view(index)} />
                ))}
              {going(file.id)}
            </li>
          ))}
        </ul>
      )}
      {cards.map((file) =>
        engine === null ? (
          <div key={file.id} className="file-card" />
        ) : kindOf(file) === "audio" ? (
          <Sound key={file.id} engine={engine} file={file} going={going(file.id)} />
        ) : (
          <FileCard key={file.id} engine={engine} file={file} going={going(file.id)} />
        ),
      )}
      {engine !== null && isOutgoing && <Sending engine={engine} message={message.id} files={files} />}
    </div>
  )
}

/** Rows of three, as far as possible after rows of two; of three pictures the first is large. */
function cellOf(index: number, count: number): string {
  const pairs = 3 * Math.ceil(count / 3) - count
  if (count === 3 && index === 0) return "files__cell files__cell--large"
  return index < 2 * pairs && count > 1 ? "files__cell files__cell--half" : "files__cell"
}

/** What was opened of a message that has been deleted is not kept. */
function useForgetting(files: readonly FileInfo[], { id, channel }: Said | Outgoing): void {
  const chat = useChat()
  useEffect(
    () => () => {
      const now = chat.store.get().room.timelines[channel]?.messages.find((message) => message.id === id)
      if (now?.state === "deleted") forgetPictures(files)
    },
    [chat, files, id, channel],
  )
}
