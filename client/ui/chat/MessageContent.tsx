/** What a message says: Markdown as elements, never as HTML (core/markdown.ts). */
import { createElement, Fragment, memo, type ReactNode, useMemo } from "react"
import { type Block, type Inline, parseMarkdown } from "../../core/markdown.ts"
import type { Message } from "../../core/protocol.ts"
import { useWords } from "../context.ts"
import { CodeBlock } from "./CodeBlock.tsx"
import { Mentioned } from "./Mentioned.tsx"

export function MessageContent({ message }: { message: Message }) {
  const t = useWords()
  if (message.state === "deleted") return <p className="message__gone">{t("message.deleted")}</p>
  if (message.state === "unreadable") return <p className="message__gone">{t("message.unreadable")}</p>
  return <MessageBody body={message.body} mentions={message.mentions} edited={message.edited_at} />
}

interface MessageBodyProps {
  readonly body: string
  readonly mentions: readonly string[]
  readonly edited: number | null
}

export const MessageBody = memo(function MessageBody({ body, mentions, edited }: MessageBodyProps) {
  const t = useWords()
  const blocks = useMemo(() => parseMarkdown(body), [body])
  const large = isEmojiOnly(body)
  return (
    <div className={large ? "message__body message__body--large" : "message__body"}>
      {blocksIn(blocks, mentions)}
      {edited !== null && (
        <span className="message__edited" title={t.moment(edited)}>
          {t("message.edited")}
        </span>
      )}
    </div>
  )
})

/** Parts of one text, which never change places: they need no keys. */
function row(parts: readonly ReactNode[]): ReactNode {
  return createElement(Fragment, null, ...parts)
}

function blocksIn(blocks: readonly Block[], mentions: readonly string[]): ReactNode {
  return row(blocks.map((block) => createElement(BlockView, { block, mentions })))
}

function BlockView({ block, mentions }: { block: Block; mentions: readonly string[] }): ReactNode {
  switch (block.type) {
    case "paragraph":
      return <p>{inlines(block.children, mentions)}</p>
    case "heading":
      return <p className="message__heading">{inlines(block.children, mentions)}</p>
    case "code":
      return <CodeBlock text={block.text} />
    case "quote":
      return <blockquote>{blocksIn(block.children, mentions)}</blockquote>
    case "list": {
      const items = row(block.items.map((item) => createElement("li", null, blocksIn(item, mentions))))
      return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>
    }
    case "rule":
      return <hr />
  }
}

function inlines(children: readonly Inline[], mentions: readonly string[]): ReactNode {
  return row(children.map((child) => createElement(InlineView, { inline: child, mentions })))
}

function InlineView({ inline, mentions }: { inline: Inline; mentions: readonly string[] }): ReactNode {
  switch (inline.type) {
    case "text":
      return mentions.length === 0 ? inline.text : <Mentioned text={inline.text} mentions={mentions} />
    case "code":
      return <code>{inline.text}</code>
    case "break":
      return <br />
    case "link":
      return (
        <a href={inline.href} target="_blank" rel="noopener noreferrer nofollow">
          {inlines(inline.children, mentions)}
        </a>
      )
    default: {
      const Element = inline.type
      return <Element>{inlines(inline.children, mentions)}</Element>
    }
  }
}

const EMOJI_ONLY = /^(?:\p{Extended_Pictographic}|\p{Emoji_Component}|\s){1,12}$/u

function isEmojiOnly(body: string): boolean {
  return EMOJI_ONLY.test(body) && /\p{Extended_Pictographic}/u.test(body)
}
