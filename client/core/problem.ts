import { fieldsOf } from "./shape.ts"

/** The code in a problem+json answer; a proxy's error page has none. */
export function problemCode(text: string): string {
  try {
    const { code } = fieldsOf(JSON.parse(text), "problem")
    return typeof code === "string" ? code : "internal"
  } catch {
    return "internal"
  }
}
