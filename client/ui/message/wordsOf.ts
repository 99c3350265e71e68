/** What a message says, in a line: its words, or what stands in their place. */
import type { FileInfo } from "../../core/files/types.ts"
import { plainText } from "../../core/markdown.ts"
import type { Translator } from "../../i18n/translate.ts"

export function wordsOf(
  t: Translator,
  { body, files }: { readonly body: string; readonly files: readonly FileInfo[] },
) {
  const words = plainText(body)
  if (words !== "" || files.length === 0) return words
  const arePictures = files.every(({ type }) => type.startsWith("image/"))
  return t(arePictures ? "attached.pictures" : "attached.files", { count: files.length })
}
