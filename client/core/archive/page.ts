/**
 * archive.html: one page with everything that was said, for any browser, without a server and without a network.
 *
 * The messages stand in it as JSON lines, in blocks of some hundred, which the page reads when their channel is opened. `<` is
 * written `\u003c` there, so nothing that somebody said can end a block or begin an element. The policy lets nothing run but
 * the one script whose hash it names, and lets nothing be fetched but pictures and sound beside the page.
 */

/** The page's script and styles, built by client/archive/build.mjs, each with the base64 of its SHA-256. */
export interface PageCode {
  readonly script: string
  readonly scriptHash: string
  readonly styles: string
  readonly stylesHash: string
}

export interface Facts {
  readonly title: string
  readonly language: string
  readonly noScript: string
}

export function pageStart(code: PageCode, { title, language, noScript }: Facts): string {
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${code.scriptHash}'`,
    `style-src 'sha256-${code.stylesHash}'`,
    "img-src 'self' file:",
    "media-src 'self' file:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ")
  return `<!doctype html>
<html lang="${html(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${html(title)}</title>
<style>${code.styles}</style>
</head>
<body>
<noscript><p>${html(noScript)}</p></noscript>
`
}

/** A block of data. `name` is made by us: letters, digits and `-`. */
export const dataBlock = (name: string, value: object) =>
  `${blockStart(name)}${inert(JSON.stringify(value))}</script>\n`

export const messagesBlock = (channel: number, lines: string) =>
  `${blockStart(`m${channel}`)}\n${inert(lines)}</script>\n`

export const pageEnd = (code: PageCode) => `<script>${code.script}</script>
</body>
</html>
`

const blockStart = (name: string) => `<script type="application/json" data-block="${name}">`

/** JSON that means the same and holds no `<`. */
const inert = (json: string) => json.replaceAll("<", "\\u003c")

function html(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
