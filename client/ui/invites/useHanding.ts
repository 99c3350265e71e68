/** What one says when one hands a link on. */
import { useApp, useChatState } from "../context.ts"

export function useHanding(): string {
  const { t, entrance } = useApp()
  const name = useChatState(({ room }) => room.me.name)
  const state = entrance.store.get()
  return t("invites.words", { name, title: state.stage === "inside" ? state.title : entrance.room })
}
