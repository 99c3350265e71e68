/** After how many days messages go: empty follows the wider rule, 0 keeps them. */
import { useWords } from "../context.ts"
import { Field } from "../kit/Field.tsx"

interface RetentionFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}

export function RetentionField({ label, value, onChange }: RetentionFieldProps) {
  const t = useWords()
  const digits = (text: string) => onChange(text.replace(/\D/g, "").slice(0, 4))
  return <Field label={label} value={value} onChange={digits} inputMode="numeric" hint={t("retention.hint")} />
}

export function toText(days: number | null): string {
  return days === null ? "" : String(days)
}

export function toDays(text: string): number | null {
  return text === "" ? null : Number(text)
}
