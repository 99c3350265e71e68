/**
 * Addresses in messages: where one begins and ends in running text, what may be linked to, and whether what is shown
 * names the place it leads to (docs/decisions/links-in-running-text.md, tests/vectors/links.json).
 *
 * `linkAt` is for a parser that has come to a place, `findLinks` for a whole text.
 */

export interface LinkSpan {
  readonly start: number
  readonly end: number
  readonly href: string
}

const LINK_SCHEMES = new Set(["http:", "https:", "mailto:"])

const LABEL = `[\\p{L}\\p{N}](?:[\\p{L}\\p{N}\\p{M}_-]*[\\p{L}\\p{N}\\p{M}])?`
const HOST = `(?:${LABEL}\\.)*${LABEL}`
const START = /* @__PURE__ */ new RegExp(
  `(https?:\\/\\/(?:[\\w.~%!$&'()*+,;=:-]{1,200}@)?(?:\\[[\\da-f:.]+\\]|${HOST})(?::\\d{1,5})?)` +
    `|(www\\.${HOST}(?::\\d{1,5})?)|([\\w.+-]{1,64}@(?:${LABEL}\\.)+(?=\\p{L}{2})${LABEL})`,
  "iuy",
)
/** Where an address may begin: behind a letter of the Latin alphabet it is a part of a word. */
const BEGINNING =
  /(?<![A-Za-z0-9_@/.+-])www\.|(?<![A-Za-z0-9@/+-]|\w_)https?:\/\/|(?<![\w.+@/-])[\w.+-]{1,64}@(?=[\p{L}\p{N}])/giu
/** A top-level domain is of one script: "example.com下载" is an address and a word. */
const WORD_BEHIND = /(?<=[.@/][a-z][a-z\d-]{1,63})[^ -~]+$/iu
/** What no address has unescaped: spaces, controls, quotes, every punctuation mark that is not ASCII, pictures. */
const OUTSIDE = /[\s\p{Z}\p{C}<>"`\\\p{Extended_Pictographic}\uFF00-\uFF65]|(?![!-~])\p{P}/u
/** Scripts that are written without spaces: a path in Latin letters does not go on in them without a sign between. */
const SPACELESS =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
const PAIRS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" }
/** More open brackets are no address; each could make a text be read once more. */
const DEEPEST = 8
const TRAILING = "?!.,:;*~'|"
/** An underscore is the last sign of many addresses, unless one before the address waits for it. */
const OPENED = /(?:^|[^\p{L}\p{N}_])_{1,2}(?=[^\s_])[^\n]*$/u

/** The address that begins exactly at `at`, or null. */
export function linkAt(text: string, at: number): LinkSpan | null {
  START.lastIndex = at
  const [found = "", full, bare, mail] = START.exec(text) ?? []
  const origin = found.replace(WORD_BEHIND, "")
  let end = at + origin.length
  // "git@host:path" and "name:word@host/path" are no mail addresses.
  if (origin === "" || (mail !== undefined && /^[:/][^\s:]/.test(text.slice(end, end + 2)))) return null
  if (origin === found && mail === undefined && /[/?#]/.test(text.charAt(end))) end = pathEnd(text, at, end)
  const address = text.slice(at, end)
  const href = safeLink(`${full !== undefined ? "" : bare !== undefined ? "http://" : "mailto:"}${address}`)
  return href === null ? null : { start: at, end, href }
}

/** All addresses of a text, in order. */
export function findLinks(text: string): readonly LinkSpan[] {
  const found: LinkSpan[] = []
  let end = 0
  for (const { index } of text.matchAll(BEGINNING)) {
    const link = index < end ? null : linkAt(text, index)
    if (link === null) continue
    found.push(link)
    end = link.end
  }
  return found
}

/** The end of what follows the host: brackets that are opened in it belong to it, marks that end a sentence do not. */
function pathEnd(text: string, start: number, from: number): number {
  const open: { sign: string; at: number }[] = []
  let end = from
  let former = ""
  let ascii = true
  for (let at = from; at < text.length && open.length < DEEPEST; at = end) {
    const sign = String.fromCodePoint(text.codePointAt(at) ?? 0)
    if (OUTSIDE.test(sign) || (ascii && SPACELESS.test(sign) && /[a-z\d]/i.test(former))) break
    if ("([{".includes(sign)) open.push({ sign, at })
    else if (sign in PAIRS && open.pop()?.sign !== PAIRS[sign]) break
    end = at + sign.length
    former = sign
    ascii &&= sign <= "~"
  }
  end = open[0]?.at ?? end
  const trailing = OPENED.test(text.slice(Math.max(0, start - 200), start + 1)) ? `${TRAILING}_` : TRAILING
  while (end > from && trailing.includes(text.charAt(end - 1))) end -= 1
  return end
}

/** The address if a message may link to it, else null. */
export function safeLink(address: string): string | null {
  const trimmed = address.trim()
  if (/\p{Cc}/u.test(trimmed)) return null
  try {
    const url = new URL(trimmed)
    return LINK_SCHEMES.has(url.protocol) ? url.href : null
  } catch {
    return null
  }
}

const NAMED = /* @__PURE__ */ new RegExp(
  `(?:[a-z][a-z+.-]*:)?\\/\\/([^/?#\\s\\\\]+)|[\\w.+-]+@(?:${LABEL}\\.)+${LABEL}|(?:${LABEL}\\.)+\\p{L}{2,}|\\b(?:\\d{1,3}\\.){3}\\d{1,3}`,
  "giu",
)
/** Letters that pass for Latin ones; a label of nothing else reads as an English word (UTS 39, "whole-script confusable"). */
const LOOKALIKE = /^[\d_\-асԁеһіјӏорԛѕԝхуъьѵҽпгԍαικνρυωηοτɑɡıℓ]+$/iu
const SCRIPTS = [
  /\p{sc=Latin}/u,
  /\p{sc=Cyrillic}/u,
  /\p{sc=Greek}/u,
  /\p{sc=Armenian}/u,
  /\p{sc=Cherokee}/u,
  /\p{sc=Hebrew}/u,
  /\p{sc=Arabic}/u,
]

/**
 * The real host, if what is shown names another one, or one whose letters deceive: to be shown beside the link.
 *
 * @param shown the text of the link as it is read.
 */
export function hostBeside(href: string, shown: string): string | null {
  const url = new URL(href)
  const mail = url.protocol === "mailto:"
  const real = mail ? decodeURIComponent(url.pathname) : url.hostname
  const names = [
    ...shown
      .normalize("NFKC")
      .replace(/\p{Cf}/gu, "")
      .replace(/(?<=[!-~])。(?=[!-~])/g, ".")
      .matchAll(NAMED),
  ]
  return names.every(([name, authority]) => agrees(authority ?? name, real, mail)) ? null : real
}

function agrees(name: string, real: string, mail: boolean): boolean {
  const labels = name.split(/[.@]/)
  const ending = labels.at(-1) ?? ""
  if (labels.some((label) => deceives(label, /^[ -~]*$/.test(ending)))) return false
  if (mail || name.includes("@")) return mail && name.toLowerCase() === real.toLowerCase()
  const host = hostOf(name)
  return host !== null && `.${bare(real)}`.endsWith(`.${bare(host)}`)
}

/** A name as the browser would go to it. */
function hostOf(name: string): string | null {
  try {
    return new URL(`http://${name}`).hostname
  } catch {
    return null
  }
}

function bare(host: string): string {
  return host.replace(/^www\./, "")
}

/** Whether its letters pass for others: of two alphabets, or all like Latin ones before a Latin ending. */
function deceives(label: string, latinEnding: boolean): boolean {
  if (/^[ -~]*$/.test(label)) return false
  if (SCRIPTS.filter((script) => script.test(label)).length > 1 || /[\u0250-\u02AFı]/.test(label)) return true
  return latinEnding && LOOKALIKE.test(label)
}
