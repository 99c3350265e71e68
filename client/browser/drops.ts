/** Files and addresses that are dropped beside a field would lead the browser away from the page, on every screen. */
const FIELDS = "input, textarea, [contenteditable]"

export function guardDrops(page: Window): void {
  // Text may be dropped into a field.
  const takes = ({ target, dataTransfer }: DragEvent) =>
    !hasFiles(dataTransfer) && target instanceof Element && target.closest(FIELDS) !== null
  for (const type of ["dragover", "drop"] as const) {
    page.addEventListener(type, (event) => {
      if (!takes(event)) event.preventDefault()
    })
  }
}

export function hasFiles(dropped: DataTransfer | null): boolean {
  return dropped?.types.includes("Files") ?? false
}
