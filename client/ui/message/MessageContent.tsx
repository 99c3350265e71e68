/** What a message says: Markdown as elements, never as HTML (core/markdown.ts). */
import { Square, SquareCheck } from "lucide"
import { createElement, Fragment, memo, type ReactNode } from "react"
import { isEmojiOnly } from "../../core/large.ts"
import { hostBeside } from "../../core/links.ts"
import { type Block, type Inline, type Item, inlineText } from "../../core/markdown.ts"
import type { Message } from "../../core/protocol.ts"
import { useChat, useWords } from "../context.ts"
import { Icon } from "../kit/Icon.tsx"
import { Quiet } from "../kit/Quiet.tsx"
import { pollPlace } from "../quiet.ts"
import { CodeBlock } from "./CodeBlock.tsx"
import { Mention, useMarked } from "./Mention.tsx"
import { MessageLink } from "./MessageLink.tsx"

export function MessageContent({ message, undoable }: { message: Message; undoable: boolean }) {
  const t = useWords()
  if (message.state === "deleted")
    return (
      <p className="message__gone">
        {t("message.deleted")}
        {undoable && <UndoButton id={message.id} />}
      </p>
    )
  if (message.state === "unreadable") return <p className="message__gone">{t("message.unreadable")}</p>
  const { body, mentions, edited_at, files } = message
  if (body === "" && files.length > 0) return null
  // A browser that translates the page has replaced the old words, and would keep its own.
  const said = <MessageBody key={body} body={body} mentions={mentions} edited={edited_at} />
  if (!message.poll) return said
  // About as high as it will be.
  const meanwhile = <div style={{ minBlockSize: `${body.split("\n").length * 2.4 + 4}rem` }}>{said}</div>
  return <Quiet part={pollPlace} props={{ message, meanwhile }} meanwhile={meanwhile} />
}

function UndoButton({ id }: { id: string }) {
  const t = useWords()
  const chat = useChat()
  return (
    <button
      className="message__undo"
      type="button"
      onClick={({ currentTarget }) => {
        currentTarget.closest<HTMLElement>("[data-row]")?.focus()
        chat.undo(id)
      }}
    >
      {t("undo")}
    </button>
  )
}

interface MessageBodyProps {
  readonly body: string
  readonly mentions: readonly string[]
  readonly edited: number | null
}

export const MessageBody = memo(function MessageBody({ body, mentions, edited }: MessageBodyProps) {
  const t = useWords()
  const blocks = useMarked(body, mentions)
  const large = isEmojiOnly(body)
  return (
    <div className={large ? "message__body message__body--large" : "message__body"}>
      {row(blocks.map((block) => blockView(block, "auto")))}
      {edited !== null && (
        <button className="message__edited" type="button" title={t.moment(edited)}>
          {t("message.edited")}
        </button>
      )}
    </div>
  )
})

/** Parts of one text, which never change places: they need no keys. */
function row(parts: readonly ReactNode[]): ReactNode {
  return createElement(Fragment, null, ...parts)
}

/**
 * Functions and not components: a message may have a thousand parts.
 *
 * The outermost quote, list or table takes its direction from its first letters: on that side its marks stand.
 */
function blockView(block: Block, dir?: "auto"): ReactNode {
  switch (block.type) {
    case "paragraph":
      return <p>{inlines(block.children)}</p>
    case "heading":
      return <p className="message__heading">{inlines(block.children)}</p>
    case "code":
      return <CodeBlock text={block.text} language={block.language} />
    case "quote":
      return <blockquote dir={dir}>{row(block.children.map((child) => blockView(child)))}</blockquote>
    case "list": {
      const { loose, items } = block
      // Pluses say something, other than dashes and stars.
      const ordered = block.ordered || items[0]?.marker === "+"
      const digits = Math.max(...items.map(({ marker }) => marker.length))
      const style = ordered ? { "--digits": `${digits}ch` } : undefined
      const attributes = { dir, style, className: loose ? "message__list--loose" : undefined }
      return createElement(ordered ? "ol" : "ul", attributes, ...items.map((item) => itemView(item, ordered)))
    }
    case "table":
      return tableView(block)
  }
}

function itemView({ marker, done, children }: Item, ordered: boolean): ReactNode {
  const [first, ...rest] = children
  return (
    <li className={done === null ? undefined : "message__task"}>
      {ordered && <span className="message__marker">{marker} </span>}
      {done !== null && <TaskBox done={done} />}
      {first?.type === "paragraph" ? inlines(first.children) : first && blockView(first)}
      {row(rest.map((child) => blockView(child)))}
    </li>
  )
}

function TaskBox({ done }: { done: boolean }) {
  const t = useWords()
  return (
    <span className="message__box" role="img" aria-label={t(done ? "task.done" : "task.open")}>
      <Icon of={done ? SquareCheck : Square} />
    </span>
  )
}

function tableView({ rows, align }: Extract<Block, { type: "table" }>): ReactNode {
  const columns = Math.max(...rows.map((cells) => cells.length))
  const cellView = (tag: "th" | "td") => (cell: readonly Inline[], column: number, cells: readonly unknown[]) => {
    // A short row reaches to the end.
    const rest = column === cells.length - 1 ? columns - column : 1
    const attributes = { style: { textAlign: align[column] ?? "start" }, colSpan: rest > 1 ? rest : undefined }
    return createElement(tag, attributes, inlines(cell))
  }
  const [head = [], ...body] = rows
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="message__table" dir="auto" tabIndex={0}>
      <table>
        <thead>
          <tr>{row(head.map(cellView("th")))}</tr>
        </thead>
        <tbody>{row(body.map((cells) => createElement("tr", null, ...cells.map(cellView("td")))))}</tbody>
      </table>
    </div>
  )
}

function inlines(children: readonly Inline[]): ReactNode {
  return row(children.map((child) => inlineView(child)))
}

function inlineView(inline: Inline): ReactNode {
  switch (inline.type) {
    case "text":
      return inline.text
    case "mention":
      return <Mention member={inline.member}>{inline.text}</Mention>
    case "code":
      return <code>{inline.text}</code>
    case "link":
      return linkView(inline)
    default:
      return createElement(inline.type, null, inlines(inline.children))
  }
}

function linkView({ href, children }: Extract<Inline, { type: "link" }>): ReactNode {
  const host = hostBeside(href, inlineText(children))
  return (
    <>
      <MessageLink href={href}>{inlines(children)}</MessageLink>
      {host !== null && <span className="message__host"> ({host})</span>}
    </>
  )
}
