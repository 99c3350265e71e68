/** Copies a piece of code, and says so for a moment. */
import { Check, Copy } from "lucide"
import { useEffect, useState } from "react"
import { useChat, useWords } from "../context.ts"
import { IconButton } from "../kit/IconButton.tsx"

const SHOWN_MS = 2_000

export function CopyCode({ text }: { text: string }) {
  const t = useWords()
  const chat = useChat()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <IconButton
      className="code-block__copy"
      icon={copied ? Check : Copy}
      name={t(copied ? "copied" : "code.copy")}
      onClick={() =>
        void navigator.clipboard.writeText(text).then(
          () => setCopied(true),
          () => chat.showNotice("not_copied"),
        )
      }
    />
  )
}
