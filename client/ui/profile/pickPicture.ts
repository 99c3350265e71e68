/** Asks the system for one picture. */
export function pickPicture(take: (file: File) => void): void {
  const input = Object.assign(document.createElement("input"), { type: "file", accept: "image/*", hidden: true })
  input.onchange = () => {
    input.remove()
    const file = input.files?.[0]
    if (file !== undefined) take(file)
  }
  // Safari forgets one that is not on the page.
  document.body.append(input)
  input.click()
}
