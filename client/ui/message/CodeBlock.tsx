/** Code, with a button that copies it. */
import { Check, Copy } from "lucide"
import { useEffect, useState } from "react"
import { useChat, useWords } from "../context.ts"
import { IconButton } from "../kit/IconButton.tsx"
import { untranslated } from "../kit/untranslated.ts"

const SHOWN_MS = 2_000

export function CodeBlock({ text, language }: { text: string; language: string }) {
  const t = useWords()
  const chat = useChat()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <div className="code-block">
      {language !== "" && <div className="code-block__language">{language}</div>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0} ref={untranslated}>
        <code>{text}</code>
      </pre>
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
    </div>
  )
}
