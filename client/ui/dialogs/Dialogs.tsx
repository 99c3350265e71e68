/** Shows the dialog that is open; each of them is downloaded when it is first needed. */
import { useCallback } from "react"
import { useWords } from "../context.ts"
import { viewer } from "../files/parts.ts"
import * as lanes from "../lanes/parts.ts"
import { LazyDialog } from "./LazyDialog.tsx"
import * as parts from "./parts.ts"
import { useDialogs } from "./useDialogs.tsx"

export function Dialogs() {
  const t = useWords()
  const { open, close } = useDialogs()
  const onClose = useCallback(() => open !== null && close(open), [open, close])
  switch (open?.kind) {
    case undefined:
      return null
    case "switcher":
      return <LazyDialog part={parts.switcher} title={t("switcher.title")} props={{ onClose }} />
    case "search":
      return <LazyDialog part={parts.search} title={t("search")} props={{ given: open, onClose }} />
    case "shortcuts":
      return <LazyDialog part={parts.shortcuts} title={t("shortcuts")} props={{ onClose }} />
    case "settings":
      return <LazyDialog part={parts.settings} title={t("settings")} props={{ onClose }} />
    case "stats":
      return <LazyDialog part={parts.stats} title={t("stats")} props={{ onClose }} />
    case "viewer":
      return (
        <LazyDialog part={viewer} title={t("attached")} props={{ items: open.items, first: open.first, onClose }} />
      )
    case "part":
      return <LazyDialog part={open.part} title={open.title} props={{ onClose }} />
    case "channel": {
      const id = open.channel ?? null
      const title = t(id === null ? "channel.create" : "channel.edit")
      return (
        <LazyDialog part={lanes.channel} title={title} props={{ id, isPrivate: open.isPrivate ?? false, onClose }} />
      )
    }
    case "direct":
      return (
        <LazyDialog part={lanes.direct} title={t("lanes.newDirect")} props={{ given: open.members ?? [], onClose }} />
      )
    case "add":
      return (
        <LazyDialog
          part={lanes.addPeople}
          title={t("lanes.add")}
          props={{ id: open.channel, given: open.members ?? [], onClose }}
        />
      )
    case "person":
      return (
        <LazyDialog part={lanes.person} title={t("people")} props={{ id: open.member, at: open.at ?? null, onClose }} />
      )
    case "notify":
      return <LazyDialog part={parts.notify} title={t("push")} props={{ id: open.channel, onClose }} />
    case "call":
      return (
        <LazyDialog part={parts.call} title={t("call")} props={{ channel: open.channel, url: open.url, onClose }} />
      )
    case "delete":
      return <LazyDialog part={parts.deleteChannel} title={t("channel.delete")} props={{ id: open.channel, onClose }} />
    case "remove":
      return (
        <LazyDialog part={parts.removeMember} title={t("member.removeButton")} props={{ id: open.member, onClose }} />
      )
  }
}
