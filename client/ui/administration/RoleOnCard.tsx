/** On a member's card, for admins: making them one, or taking that back. It asks what the list of members asks. */
import { createElement, useEffect, useState } from "react"
import { fetchMadeAdmin } from "../../core/role.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { Button } from "../kit/Button.tsx"
import { RoleDialog } from "./RoleDialog.tsx"

export function RoleOnCard({ id }: { readonly id: string }) {
  const t = useWords()
  const dialogs = useDialogs()
  const member = useChatState(({ room }) => room.members[id])
  const made_admin = useMadeAdmin(id, member?.role)
  if (member === undefined || made_admin === null) return null
  const { name, secured } = member
  const action = t(made_admin ? "admin.unmake" : "admin.make")
  const ask = () => {
    const member = { id, secured, made_admin }
    const question = (props: { readonly onClose: () => void }) => createElement(RoleDialog, { member, name, ...props })
    const part = { ready: () => question, load: async () => question }
    dialogs.show({ kind: "part", part, title: action, back: dialogs.open })
  }
  return <Button onClick={ask}>{action}</Button>
}

/** Asked for again when the role changes. */
function useMadeAdmin(id: string, role: string | undefined): boolean | null {
  const chat = useChat()
  const [made, setMade] = useState<boolean | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    let current = true
    void fetchMadeAdmin(chat, id).then((found) => current && setMade(found))
    return () => {
      current = false
    }
  }, [chat, id, role])
  return made
}
