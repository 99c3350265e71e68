/** Opens the emoji for what is being written. */
import { Smile } from "lucide"
import { useRef, useState } from "react"
import { useWords } from "../context.ts"
import { Asked } from "../kit/Asked.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { emojiPopover } from "../quiet.ts"

export function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const t = useWords()
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  return (
    <>
      <IconButton
        buttonRef={button}
        icon={Smile}
        name={t("emoji.pick")}
        expanded={open}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <Asked
          part={emojiPopover}
          props={{
            anchor: button,
            onClose: () => setOpen(false),
            onPick: (emoji) => {
              setOpen(false)
              onPick(emoji)
            },
          }}
        />
      )}
    </>
  )
}
