/** Asks before what one cannot undo by oneself: leaving, removing somebody, keeping no longer. */
import { inside, keepersOf } from "../../core/keepers.ts"
import type { Channel } from "../../core/protocol.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { ConfirmDialog } from "../dialogs/ConfirmDialog.tsx"

export type Asked =
  | { readonly what: "leave" | "unkeep" }
  | { readonly what: "remove"; readonly member: string; readonly name: string }

interface LaneQuestionProps {
  readonly channel: Channel
  readonly asked: Asked
  readonly onClose: () => void
}

export function LaneQuestion({ channel, asked, onClose }: LaneQuestionProps) {
  const t = useWords()
  const chat = useChat()
  const me = useChatState(({ room }) => room.me.id)
  const { id, name } = channel
  const isLast = useChatState(({ room }) => inside(room, channel).length < 2)
  const isOnlyKeeper = useChatState(({ room }) => keepersOf(room, channel).join() === me)
  switch (asked.what) {
    case "leave":
      return (
        <ConfirmDialog
          title={t("lanes.leaveTitle", { name })}
          action={t("lanes.leave")}
          place="lanes"
          onConfirm={() => chat.change({ type: "channel.leave", id })}
          onClose={onClose}
        >
          <p>{t(isLast ? "lanes.leaveLast" : "lanes.leaveText")}</p>
          {!isLast && isOnlyKeeper && <p>{t("lanes.leaveKeeper")}</p>}
        </ConfirmDialog>
      )
    case "unkeep":
      return (
        <ConfirmDialog
          title={t("lanes.unkeepTitle")}
          action={t("lanes.unkeepButton")}
          place="lanes"
          onConfirm={() => chat.change({ type: "channel.keeper", id, member: me, on: false })}
          onClose={onClose}
        >
          <p>{t("lanes.unkeepText")}</p>
        </ConfirmDialog>
      )
    case "remove":
      return (
        <ConfirmDialog
          title={t("lanes.removeTitle", { name: asked.name, channel: name })}
          action={t("member.removeButton")}
          place="lanes"
          onConfirm={() => chat.change({ type: "channel.remove", id, member: asked.member })}
          onClose={onClose}
        >
          <p>{t("lanes.removeText")}</p>
        </ConfirmDialog>
      )
  }
}
