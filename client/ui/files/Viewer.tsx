/** Pictures and films over the whole window, one after the other, with what was said about them. */
import { ChevronLeft, ChevronRight, Link, X } from "lucide"
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react"
import { kindOf } from "../../core/files/kinds.ts"
import type { FileInfo, Files } from "../../core/files/types.ts"
import type { Outgoing } from "../../core/ports.ts"
import type { Said } from "../../core/protocol.ts"
import { nameOf as nameOfMember } from "../../core/room.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Avatar } from "../kit/Avatar.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { linkTo } from "../message/linkTo.ts"
import { MessageBody } from "../message/MessageContent.tsx"
import { Notices } from "../screen/Notices.tsx"
import { channelName } from "../sidebar/ChannelSign.tsx"
import { altOf, nameOf } from "./altOf.ts"
import { useFiles } from "./engine.ts"
import { Film } from "./Film.tsx"
import { useSaving } from "./opening.ts"
import { useHash, useSmall } from "./Picture.tsx"
import { usePicture } from "./pictures.ts"
import { SaveButton } from "./SaveButton.tsx"
import { Trouble } from "./Trouble.tsx"
import { useZoom } from "./useZoom.ts"

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
}

export interface ViewedFile {
  readonly file: FileInfo
  readonly message: Said | Outgoing
}

interface ViewerProps {
  readonly items: readonly ViewedFile[]
  readonly first: number
  readonly onClose: () => void
}

export function Viewer({ items, first, onClose }: ViewerProps) {
  const t = useWords()
  const engine = useFiles()
  const dialog = useRef<HTMLDialogElement>(null)
  const [at, setAt] = useState(first)
  const item = items[at]
  useLayoutEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    shown?.focus()
    return () => shown?.close()
  }, [])
  const isGone = useIsGone(item)
  useEffect(() => {
    if (isGone) onClose()
  }, [isGone, onClose])
  const step = (by: number) => setAt((now) => Math.min(Math.max(now + by, 0), items.length - 1))
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const by = STEPS[event.key]
    // In a film these keys are its own.
    if (by === undefined || event.target instanceof HTMLMediaElement) return
    event.preventDefault()
    step(by)
  }
  if (item === undefined) return null
  return (
    <dialog
      ref={dialog}
      tabIndex={-1}
      className="viewer"
      aria-label={t("attached")}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      // Chromium closes it by itself when "cancel" is prevented twice without a click or a key in between.
      onClose={() => dialog.current !== null && onClose()}
    >
      {engine !== null && (
        <>
          <Head
            key={`head ${item.file.id}`}
            engine={engine}
            item={item}
            at={at}
            count={items.length}
            onClose={onClose}
          />
          <Stage key={item.file.id} engine={engine} file={item.file} onSwipe={step} />
          {at > 0 && (
            <IconButton className="viewer__step" icon={ChevronLeft} name={t("files.former")} onClick={() => step(-1)} />
          )}
          {at < items.length - 1 && (
            <IconButton
              className="viewer__step viewer__step--next"
              icon={ChevronRight}
              name={t("files.next")}
              onClick={() => step(1)}
            />
          )}
          <Words item={item} />
          {items.length > 1 && <Strip engine={engine} items={items} at={at} onChoose={setAt} />}
        </>
      )}
      {/* What lies under a dialog is out of reach. */}
      <Notices />
    </dialog>
  )
}

/** The message was deleted meanwhile, or is about to be. */
function useIsGone(item: ViewedFile | undefined): boolean {
  return useChatState(({ room, removing }) => {
    const { id = "", channel = "" } = item?.message ?? {}
    const known = room.timelines[channel]?.messages.find((message) => message.id === id)
    return known?.state === "deleted" || removing.has(id)
  })
}

interface HeadProps {
  readonly engine: Files
  readonly item: ViewedFile
  readonly at: number
  readonly count: number
  readonly onClose: () => void
}

function Head({ engine, item: { file, message }, at, count, onClose }: HeadProps) {
  const t = useWords()
  const chat = useChat()
  const saving = useSaving(engine.downloads, file)
  const name = useChatState(({ room }) =>
    "author" in message ? (message.shown_as["name"] ?? nameOfMember(room, message.author)) : room.me.name,
  )
  const channel = useChatState(({ room }) => channelName(t, room.channels[message.channel]))
  const sentAt = "sent_at" in message ? message.sent_at : message.created_at
  const about = [channel, `${t.day(sentAt, chat.clock.now())}, ${t.time(sentAt)}`]
  const copyLink = () => {
    if (!("seq" in message)) return
    void navigator.clipboard.writeText(linkTo(message.channel, message.seq)).then(
      () => chat.showNotice("link_copied"),
      () => chat.showNotice("not_copied"),
    )
  }
  return (
    <header className="viewer__head">
      <Avatar name={name ?? t("member.gone")} />
      <div className="viewer__about">
        <p className="viewer__name">{name ?? t("member.gone")}</p>
        <p className="viewer__place">
          {about.join(" · ")}
          <span role="status">{count > 1 && ` · ${t("files.place", { at: at + 1, count })}`}</span>
        </p>
      </div>
      {saving.problem !== null && (
        <p className="viewer__place" role="alert">
          {t(`files.problem.${saving.problem}`)}
        </p>
      )}
      <SaveButton saving={saving} name={nameOf(t, file.name)} />
      {"seq" in message && <IconButton icon={Link} name={t("files.copyLink")} onClick={copyLink} />}
      <IconButton icon={X} name={t("close")} onClick={onClose} />
    </header>
  )
}

interface StageProps {
  readonly engine: Files
  readonly file: FileInfo
  readonly onSwipe: (by: number) => void
}

function Stage({ engine, file, onSwipe }: StageProps) {
  const stage = useRef<HTMLDivElement>(null)
  return (
    <div ref={stage} className="viewer__stage">
      {kindOf(file) === "video" ? (
        <Film engine={engine} file={file} />
      ) : (
        <Large engine={engine} file={file} stage={stage} onSwipe={onSwipe} />
      )}
    </div>
  )
}

function Large({ engine, file, stage, onSwipe }: StageProps & { readonly stage: { current: HTMLDivElement | null } }) {
  const t = useWords()
  const zoom = useZoom(stage, onSwipe)
  const whole = usePicture(engine.downloads, file, true)
  const small = usePicture(engine.downloads, file, false, file.thumb !== undefined)
  const hash = useHash(file)
  const url = whole.url ?? small.url
  useEffect(() => {
    const onKey = ({ key }: globalThis.KeyboardEvent) => {
      if (key === "+" || key === "=") zoom.scaleBy(1.5)
      else if (key === "-") zoom.scaleBy(1 / 1.5)
      else if (key === "0") zoom.reset()
    }
    addEventListener("keydown", onKey)
    return () => removeEventListener("keydown", onKey)
  })
  if (whole.problem !== null)
    return <Trouble engine={engine} file={file} problem={whole.problem} onRetry={whole.retry} />
  const { width = 1, height = 1 } = file
  return (
    <div className="viewer__touch" {...zoom.handlers}>
      <div
        className="viewer__frame"
        style={{ aspectRatio: `${width / height}`, "--ratio": width / height, "--natural": `${width}px`, ...hash }}
      >
        {url !== null && (
          <img
            className="viewer__image"
            src={url}
            alt={altOf(t, file)}
            style={zoom.style}
            draggable={false}
            onError={whole.onError}
          />
        )}
        {whole.url === null && (
          <span className="viewer__wait" role="status">
            {t("loading")}
          </span>
        )}
      </div>
    </div>
  )
}

/** What was said, and what the picture shows. */
function Words({ item: { file, message } }: { readonly item: ViewedFile }) {
  return (
    <div className="viewer__words">
      {file.alt && <p className="viewer__alt">{file.alt}</p>}
      {message.body !== "" && (
        <MessageBody key={message.id} body={message.body} mentions={message.mentions ?? []} edited={null} />
      )}
    </div>
  )
}

/** As many small pictures are shown at a time. */
const BESIDE = 10

interface StripProps {
  readonly engine: Files
  readonly items: readonly ViewedFile[]
  readonly at: number
  readonly onChoose: (at: number) => void
}

function Strip({ engine, items, at, onChoose }: StripProps) {
  const from = Math.max(0, Math.min(at - Math.floor(BESIDE / 2), items.length - BESIDE))
  return (
    <ul className="viewer__strip">
      {items.slice(from, from + BESIDE).map(({ file }, index) => (
        <li key={file.id}>
          <Small engine={engine} file={file} isCurrent={from + index === at} onChoose={() => onChoose(from + index)} />
        </li>
      ))}
    </ul>
  )
}

interface SmallProps {
  readonly engine: Files
  readonly file: FileInfo
  readonly isCurrent: boolean
  readonly onChoose: () => void
}

function Small({ engine, file, isCurrent, onChoose }: SmallProps) {
  const t = useWords()
  const { url } = useSmall(engine, file, true)
  const hash = useHash(file)
  return (
    <button
      className="viewer__small"
      type="button"
      style={hash}
      aria-current={isCurrent}
      aria-label={altOf(t, file)}
      onClick={onChoose}
    >
      {url !== null && <img src={url} alt="" />}
    </button>
  )
}
