/** On a member's card, for admins: making them one, or taking that back. It asks what the list of members asks. */
import { createElement } from "react"
import { useChatState, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { Button } from "../kit/Button.tsx"
import { RoleDialog } from "./RoleDialog.tsx"

interface RoleOnCardProps {
  readonly id: string
  readonly made_admin: boolean
}

export function RoleOnCard({ id, made_admin }: RoleOnCardProps) {
  const t = useWords()
  const dialogs = useDialogs()
  const member = useChatState(({ room }) => room.members[id])
  if (member === undefined) return null
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
