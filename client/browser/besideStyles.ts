/** The stylesheet of what comes after the conversation: index.html names it, and no browser fetches it before it is asked for. */
const ID = "beside-styles"

export function loadBesideStyles(): Promise<void> {
  const link = document.getElementById(ID)
  if (!(link instanceof HTMLLinkElement) || link.sheet !== null) return Promise.resolve()
  return new Promise((resolve, reject) => {
    // Several files of scripts wait for it at the same time.
    link.addEventListener("load", () => resolve())
    link.addEventListener("error", () => {
      link.disabled = true // so that it is fetched again
      reject(new Error("the styles did not come"))
    })
    link.disabled = false
  })
}
