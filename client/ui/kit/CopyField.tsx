/** A line of text to be copied, such as an address. What is shown only once has the focus and is chosen when it comes. */
import { Check, Copy } from "lucide"
import { type ReactNode, useEffect, useId, useRef, useState } from "react"
import { useChat, useWords } from "../context.ts"
import { Button } from "./Button.tsx"
import { Icon } from "./Icon.tsx"

interface CopyFieldProps {
  readonly label: string
  readonly value: string
  /** What the button says. */
  readonly copy: string
  /** It does not take the focus: it can be seen again at any time, or another one beside it has it. */
  readonly calm?: boolean
  /** Other buttons beside it. */
  readonly children?: ReactNode
}

export function CopyField({ label, value, copy, calm = false, children }: CopyFieldProps) {
  const t = useWords()
  const chat = useChat()
  const field = useRef<HTMLInputElement>(null)
  const id = useId()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!calm) field.current?.focus()
  }, [calm])
  const write = () =>
    void navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      () => chat.showNotice("not_copied"),
    )
  return (
    <>
      <div className="field">
        <label className="field__label" htmlFor={id}>
          {label}
        </label>
        <div className="field__line">
          <input
            ref={field}
            id={id}
            className="field__input copy-field__text"
            readOnly
            value={value}
            dir="ltr"
            onFocus={({ currentTarget }) => currentTarget.select()}
          />
        </div>
      </div>
      <div className="copy-field__ways">
        <Button kind={calm ? "plain" : "primary"} onClick={write}>
          <Icon of={copied ? Check : Copy} /> <span key={String(copied)}>{copied ? t("copied") : copy}</span>
        </Button>
        {children}
      </div>
      <p className="for-listeners" role="status">
        {copied && t("copied")}
      </p>
    </>
  )
}
