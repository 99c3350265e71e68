/* Makes a key for whoever sets the chat up, in the page of a Worker that has none yet (src/web/set_up.py). */
const bytes = crypto.getRandomValues(new Uint8Array(32))
const key = btoa(String.fromCharCode(...bytes))
  .replaceAll("+", "-")
  .replaceAll("/", "_")
  .replaceAll("=", "")

for (const place of document.querySelectorAll("[data-key]")) {
  const output = place.querySelector("output")
  const button = place.querySelector("button")
  output.textContent = key
  place.hidden = false
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(key)
      button.textContent = button.dataset.copied
    } catch {
      getSelection().selectAllChildren(output) // no clipboard: it is ready to be copied by hand
    }
  })
}
