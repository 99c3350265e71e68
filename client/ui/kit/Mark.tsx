/** The product's sign: a speech bubble with two calm waves. */
export function Mark({ small = false }: { small?: boolean }) {
  return <img className={small ? "mark mark--small" : "mark"} src="/icon.svg" alt="" width="64" height="64" />
}
