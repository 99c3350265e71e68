/** Saves a file, and stops doing so. */
import { Download, X } from "lucide"
import { useWords } from "../context.ts"
import { IconButton } from "../kit/IconButton.tsx"
import type { useSaving } from "./opening.ts"

interface SaveButtonProps {
  readonly saving: ReturnType<typeof useSaving>
  readonly name: string
}

export function SaveButton({ saving, name }: SaveButtonProps) {
  const t = useWords()
  return saving.come === null ? (
    <IconButton icon={Download} name={t("files.saveName", { name })} onClick={saving.save} />
  ) : (
    <IconButton icon={X} name={t("files.stop", { name })} onClick={saving.stop} />
  )
}
