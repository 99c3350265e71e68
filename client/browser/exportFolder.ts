/** Where an export waits for its download, in browsers that cannot write it where somebody says: a folder of the site's own. */

const NAME = "exports"

/** @throws DOMException where the browser has no such folders. */
export async function exportFolder(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(NAME, { create: true })
}

/** Removes what is there; whoever leaves the chat leaves none of it behind. */
export async function clearExports(): Promise<void> {
  try {
    await (await navigator.storage.getDirectory()).removeEntry(NAME, { recursive: true })
  } catch {
    // There is nothing, or no such folders.
  }
}
