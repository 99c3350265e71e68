/** Which dialog is open: one at a time. Questions of the server (a sign-in) come on top of it. */
import { createContext, type ReactNode, useContext, useMemo, useState } from "react"
import type { ViewedFile } from "../files/Viewer.tsx"
import type { Part } from "../kit/part.ts"

export type OpenDialog =
  | { readonly kind: "switcher" }
  /** With what is to be looked for, where that is known. */
  | { readonly kind: "search"; readonly text?: string; readonly author?: string }
  | { readonly kind: "shortcuts" }
  | { readonly kind: "settings" }
  | { readonly kind: "stats" }
  /** Without a channel: a new one. */
  | { readonly kind: "channel"; readonly channel?: string; readonly isPrivate?: boolean }
  /** A new direct conversation, with those who are chosen already. */
  | { readonly kind: "direct"; readonly members?: readonly string[] }
  /** Who comes into a private channel as well. */
  | { readonly kind: "add"; readonly channel: string; readonly members?: readonly string[] }
  /** A member's card, beside what was pressed. */
  | { readonly kind: "person"; readonly member: string; readonly at?: DOMRect }
  | { readonly kind: "notify"; readonly channel: string }
  /** A link to a call, at the operator's address. */
  | { readonly kind: "call"; readonly channel: string; readonly url: string }
  | { readonly kind: "delete"; readonly channel: string }
  | { readonly kind: "remove"; readonly member: string }
  | { readonly kind: "viewer"; readonly items: readonly ViewedFile[]; readonly first: number }
  /** Any other, which whatever opens it knows. With what comes back when it is closed, if something does. */
  | {
      readonly kind: "part"
      readonly part: Part<{ onClose: () => void }>
      readonly title: string
      readonly back?: OpenDialog | null
    }

interface DialogsApi {
  readonly open: OpenDialog | null
  show(dialog: OpenDialog): void
  /** Closes this one; another that has taken its place stays. */
  close(dialog: OpenDialog): void
}

const Context = createContext<DialogsApi | null>(null)

export function DialogProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<OpenDialog | null>(null)
  const api = useMemo(
    () => ({
      open,
      show: setOpen,
      close: (dialog: OpenDialog) =>
        setOpen((present) => (present === dialog ? ("back" in dialog && dialog.back) || null : present)),
    }),
    [open],
  )
  return <Context.Provider value={api}>{children}</Context.Provider>
}

export function useDialogs(): DialogsApi {
  const api = useContext(Context)
  if (api === null) throw new Error("outside of <DialogProvider>")
  return api
}
