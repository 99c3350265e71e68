/** Asks the system for files: those that are there, or one that the camera makes. */
export function pickFiles(take: (files: readonly File[]) => void, isFromCamera = false): void {
  const input = document.createElement("input")
  input.type = "file"
  input.multiple = true
  input.hidden = true
  if (isFromCamera) {
    input.accept = "image/*"
    input.capture = "environment"
  }
  input.onchange = () => {
    input.remove()
    take([...(input.files ?? [])])
  }
  // Safari forgets one that is not on the page.
  document.body.append(input)
  input.click()
}
