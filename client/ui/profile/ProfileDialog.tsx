/** One's own name, picture and status. */
import { useChat, useChatState, useWords } from "../context.ts"
import { Avatar } from "../kit/Avatar.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { NameForm } from "./NameForm.tsx"
import { PictureField } from "./PictureField.tsx"
import { StatusForm } from "./StatusForm.tsx"

export function ProfileDialog({ onClose }: { onClose: () => void }) {
  const t = useWords()
  const chat = useChat()
  const { id, name } = useChatState(({ room }) => room.me)
  const has = useChatState(({ room }) => Boolean(room.members[id]?.picture))
  return (
    <Dialog title={t("profile.title")} onClose={onClose}>
      <NameForm />
      <PictureField
        has={has}
        hint={t("profile.pictureHint")}
        onChange={(picture) => chat.change({ type: "profile.update", picture })}
      >
        <Avatar name={name} />
      </PictureField>
      <StatusForm onDone={onClose} />
    </Dialog>
  )
}
