/** Thumbhashes as pictures: a few dozen pixels that the browser makes larger. */
import { decodeHash } from "../../core/files/thumbhash.ts"

const made = new Map<string, string | null>()

export function pictureOfHash(hash: string | undefined): string | null {
  if (hash === undefined) return null
  const known = made.get(hash)
  if (known !== undefined) return known
  const url = drawn(hash)
  made.set(hash, url)
  return url
}

function drawn(hash: string): string | null {
  try {
    const { width, height, rgba } = decodeHash(hash)
    const canvas = document.createElement("canvas")
    canvas.width = width
    canvas.height = height
    canvas.getContext("2d")?.putImageData(new ImageData(new Uint8ClampedArray(rgba), width, height), 0, 0)
    return canvas.toDataURL()
  } catch {
    // Somebody else's bytes: there is a plain ground without them.
    return null
  }
}
