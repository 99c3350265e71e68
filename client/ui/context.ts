/** What every component may reach: the words, the chat, the preferences. */
import { createContext, useContext, useRef, useSyncExternalStore } from "react"
import type { Theme } from "../browser/theme.ts"
import type { Chat } from "../core/chat.ts"
import type { Entrance } from "../core/entrance.ts"
import type { ChatState } from "../core/hub.ts"
import type { Ports } from "../core/ports.ts"
import type { Watched } from "../core/watched.ts"
import type { Language, Translator } from "../i18n/translate.ts"

export interface AppShared {
  readonly entrance: Entrance
  readonly ports: Ports
  readonly t: Translator
  readonly theme: Theme
  setLanguage(language: Language): void
  setTheme(theme: Theme): void
}

export const AppContext = createContext<AppShared | null>(null)
export const ChatContext = createContext<Chat | null>(null)

export function useApp(): AppShared {
  const app = useContext(AppContext)
  if (app === null) throw new Error("outside of <App>")
  return app
}

export function useWords(): Translator {
  return useApp().t
}

export function useChat(): Chat {
  const chat = useContext(ChatContext)
  if (chat === null) throw new Error("outside of <ChatScreen>")
  return chat
}

export function useWatched<T, S>(store: Watched<T>, select: (value: T) => S): S {
  return useSyncExternalStore(store.subscribe, () => select(store.get()))
}

/** A part of the chat's state; `select` must give the same object for the same state. */
export function useChatState<S>(select: (state: ChatState) => S): S {
  return useWatched(useChat().store, select)
}

/** Like useChatState for lists that are made on the spot: the former list stays while its items are the same. */
export function useChatList<S>(select: (state: ChatState) => readonly S[]): readonly S[] {
  const former = useRef<readonly S[]>([])
  return useChatState((state) => {
    const next = select(state)
    const same = next.length === former.current.length && next.every((item, index) => item === former.current[index])
    if (!same) former.current = next
    return former.current
  })
}
