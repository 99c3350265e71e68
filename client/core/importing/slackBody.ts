/**
 * The text of a message as Slack keeps it, in our dialect: the way back of archive/slackText.ts.
 *
 * Code comes first, then what stands in `<…>`; both are set aside while the marks of what is between them are changed.
 */
import { BULLET, ENTITIES, MARKS } from "../archive/slackText.ts"
import { parseMarkdown } from "../markdown.ts"
import { withEmoji } from "./emoji.ts"

export interface Known {
  /** The name of whoever has this id. */
  readonly person: (id: string) => string
  readonly channel: (id: string) => string | undefined
}

export interface Body {
  readonly body: string
  /** Ids of people, in their order. */
  readonly mentions: readonly string[]
}

const BLOCK = /```([\s\S]*?)```/g
const CODE = /`([^`\n]+)`/g
const ANGLES = /<([^<>\n]{1,8000})>/g
/** Stands for what was set aside: places that belong to nobody. */
const [OPEN, CLOSE] = ["\uE000", "\uE001"]
const ASIDE = /\uE000(\d+)\uE001/g

export function bodyOf(text: string, known: Known): Body {
  const aside: string[] = []
  const mentions = new Set<string>()
  const put = (piece: string) => `${OPEN}${aside.push(piece) - 1}${CLOSE}`
  const inAngles = (inner: string) => put(angleText(inner, known, mentions))
  const plain = text
    .replace(/[\uE000\uE001]/g, "")
    .replace(/\r\n?/g, "\n")
    .replace(BLOCK, (_, code: string, at: number, all: string) =>
      put(blockOf(codeText(code, known), at, all, code.length + 6)),
    )
    .replace(CODE, (_, code: string) => put(`\`${codeText(code, known)}\``))
    .replace(ANGLES, (_, inner: string) => inAngles(inner))
  const marked = withEmoji(linesOf(withMarks(unescaped(plain))))
  return { body: restored(marked, aside), mentions: [...mentions] }
}

/** What was set aside may have something in it that was set aside before: code in the text of a link. */
const restored = (text: string, aside: readonly string[]): string =>
  text.replace(ASIDE, (_, index: string) => restored(aside[Number(index)] ?? "", aside))

/** `&` last: what was typed as an entity stays as it was typed. */
const unescaped = (text: string) =>
  ENTITIES.toReversed().reduce((all, [sign, entity]) => all.replaceAll(entity, sign), text)

/** In code, addresses stand as they were typed, and nobody is mentioned. */
function codeText(code: string, known: Known): string {
  return unescaped(
    code.replace(ANGLES, (_, inner: string) => {
      const [target = "", label = ""] = inner.split("|")
      if (target.startsWith("@")) return `@${known.person(target.slice(1))}`
      return label === "" || target.includes(label) ? label || target : `${label} (${target})`
    }),
  )
}

/** A fence stands on lines of its own. */
function blockOf(code: string, at: number, all: string, length: number): string {
  const before = at === 0 || all[at - 1] === "\n" ? "" : "\n"
  const end = all[at + length]
  const behind = end === undefined || end === "\n" ? "" : "\n"
  return `${before}\`\`\`\n${code.replace(/^\n|\n$/g, "")}\n\`\`\`${behind}`
}

function angleText(inner: string, known: Known, mentions: Set<string>): string {
  const [target = "", ...labels] = inner.split("|")
  const label = unescaped(labels.join("|"))
  const id = target.slice(1)
  switch (target[0]) {
    case "@":
      mentions.add(id)
      return `@${known.person(id)}`
    case "#":
      return `#${known.channel(id) ?? (label || id)}`
    case "!":
      return label || `@${id.replace(/\^.*$/s, "")}`
    default:
      return linkText(unescaped(target), label)
  }
}

/** An address alone, where it becomes the same link; otherwise with its text. */
function linkText(href: string, label: string): string {
  if (!/^(https?|mailto):/i.test(href)) return label === "" ? `<${href}>` : label
  const bare = label || href.replace(/^mailto:/i, "")
  if (linkIn(bare) === hrefOf(href)) return bare
  const named = `[${bare}](${href})`
  if (linkIn(named) === hrefOf(href)) return named
  return label === "" ? href : `${label} (${href})`
}

/** What a text links to, if it is nothing but a link. */
function linkIn(text: string): string | null {
  const [block, ...blocks] = parseMarkdown(text)
  if (block?.type !== "paragraph" || blocks.length > 0) return null
  const [inline, ...others] = block.children
  return inline?.type === "link" && others.length === 0 ? inline.href : null
}

const hrefOf = (href: string) => (URL.canParse(href) ? new URL(href).href : href)

const EDGE = String.raw`\s\p{P}\p{S}\uE000\uE001`
/** Between two that stand alone: several in a row are signs, as somebody typed them. */
const marks = (sign: string) =>
  new RegExp(
    String.raw`(?<=^|(?![${sign}\\])[${EDGE}])[${sign}](?=[^\s${sign}])([^${sign}\n]*[^\s${sign}\\])[${sign}](?=$|(?![${sign}])[${EDGE}])`,
    "gmu",
  )
const STRONG = marks(MARKS.strong)
const DELETED = marks(MARKS.del)

/** Emphasis has the same mark in both. */
const withMarks = (text: string) => text.replace(STRONG, "**$1**").replace(DELETED, "~~$1~~")

const BULLETS = new RegExp(`^( *(?:> ?)*)[${BULLET}◦▪︎] +`, "gmu")

function linesOf(text: string): string {
  return text.replace(BULLETS, "$1- ").replace(/^>>> ?([\s\S]*)/m, (_, quoted: string) => quoted.replace(/^/gm, "> "))
}
