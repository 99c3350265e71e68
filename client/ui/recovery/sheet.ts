/** What goes into a drawer: for which chat and name a code is, and how one signs in with it. */
import type { Translator } from "../../i18n/translate.ts"

interface Sheet {
  /** The name of the file. */
  readonly file: string
  readonly lines: readonly string[]
}

interface About {
  readonly name: string
  readonly title: string
  readonly address: string
  /** As people read it. */
  readonly code: string
  readonly made: number
}

/** What no system takes in the name of a file, or what hides one. */
const NOT_IN_FILES = /[\p{C}/\\:*?"<>|]|^[\s.]+|[\s.]+$/gu

export function sheetOf(t: Translator, { name, title, address, code, made }: About): Sheet {
  return {
    file: `${t("recovery.file", { name, title }).replace(NOT_IN_FILES, " ").trim()}.txt`,
    lines: [
      t("recovery.sheet.title", { name, title }),
      code,
      t("recovery.sheet.how", { address, name }),
      t("recovery.sheet.keep"),
      t("recovery.sheet.made", { when: t.moment(made) }),
    ],
  }
}

/** Hands a text over as a file. */
export function saveText(file: string, lines: readonly string[]): void {
  // The mark in front: without it, some programs take the text for one in an older encoding.
  const url = URL.createObjectURL(new Blob([`\ufeff${lines.join("\n\n")}\n`], { type: "text/plain;charset=utf-8" }))
  const link = document.createElement("a")
  link.href = url
  link.download = file
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
