/** On a phone: from where the files are to come, and what else can be done than to send a message. */
import { Camera, ChartBarBig, Clock, FolderOpen } from "lucide"
import { useEffect, useRef } from "react"
import { useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { Icon } from "../kit/Icon.tsx"
import { pollIn } from "../polls/parts.ts"
import { sendLater } from "../scheduling/parts.ts"
import { pickFiles } from "./pickFiles.ts"

interface AttachMenuProps {
  readonly channel: string
  readonly onTake: (files: readonly File[]) => void
  readonly onClose: () => void
}

export function AttachMenu({ channel, onTake, onClose }: AttachMenuProps) {
  const t = useWords()
  const dialogs = useDialogs()
  const menu = useRef<HTMLElement>(null)
  useEffect(() => {
    menu.current?.querySelector("button")?.focus()
  }, [])
  useEffect(() => {
    // The button that has opened it closes it by itself.
    const onDown = ({ target }: Event) => {
      if (target instanceof Element && target.closest(".attach-menu, [aria-expanded]") === null) onClose()
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return
      event.stopPropagation()
      onClose()
    }
    document.addEventListener("pointerdown", onDown)
    document.addEventListener("keydown", onKey, true)
    return () => {
      document.removeEventListener("pointerdown", onDown)
      document.removeEventListener("keydown", onKey, true)
    }
  }, [onClose])
  const choose = (isFromCamera: boolean) => {
    pickFiles(onTake, isFromCamera)
    onClose()
  }
  const later = () => {
    onClose()
    dialogs.show({ kind: "part", part: sendLater, title: t("scheduled.later") })
  }
  const poll = () => {
    onClose()
    dialogs.show({ kind: "part", part: pollIn(channel), title: t("tools.poll") })
  }
  return (
    <section ref={menu} className="attach-menu" aria-label={t("composer.attach")}>
      <button className="attach-menu__choice" type="button" onClick={() => choose(false)}>
        <Icon of={FolderOpen} /> {t("files.choose")}
      </button>
      <button className="attach-menu__choice" type="button" onClick={() => choose(true)}>
        <Icon of={Camera} /> {t("files.camera")}
      </button>
      <button className="attach-menu__choice" type="button" onClick={poll}>
        <Icon of={ChartBarBig} /> {t("tools.poll")}
      </button>
      <button className="attach-menu__choice" type="button" onClick={later}>
        <Icon of={Clock} /> {t("scheduled.later")}
      </button>
    </section>
  )
}
