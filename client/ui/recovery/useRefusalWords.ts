/** Refusals in words, where a member who has yet to secure their name is refused whatever they try to change. */
import { useWords } from "../context.ts"
import { refusalWords } from "../refusalWords.ts"
import { useLocked } from "./useLocked.ts"

export function useRefusalWords(): (code: string, place?: string) => string {
  const t = useWords()
  const locked = useLocked()
  return (code, place) => (locked && code === "forbidden" ? t("notice.name_open") : refusalWords(t, code, place))
}
