/** Makes of a chosen picture the small square that the room takes of a face (docs/protocol.md, "Looks"). */
import { toBase64url } from "../core/encoding.ts"

/** The largest that is small enough is taken: WebP nearly always is at once, PNG (Safari writes no WebP) is tried smaller. */
const SIDES = [256, 192, 128, 96, 64]
const QUALITIES = [0.86, 0.7, 0.5]
const MOST_BYTES = 32_768

/** In base64url; null if this browser cannot read the picture. What the file says besides, such as the place, is gone. */
export async function smallPicture(file: Blob): Promise<string | null> {
  const bitmap = await createImageBitmap(file).catch(() => null)
  if (bitmap === null) return null
  try {
    for (const side of SIDES) {
      const canvas = squareOf(bitmap, side)
      for (const quality of QUALITIES) {
        const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/webp", quality))
        if (blob !== null && blob.size <= MOST_BYTES) return toBase64url(new Uint8Array(await blob.arrayBuffer()))
      }
    }
    return null
  } finally {
    bitmap.close()
  }
}

/** The middle of it, on white where one sees through. */
function squareOf(bitmap: ImageBitmap, side: number): HTMLCanvasElement {
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side })
  const context = canvas.getContext("2d")
  if (context === null) throw new Error("no canvas")
  const length = Math.min(bitmap.width, bitmap.height)
  const [left, top] = [(bitmap.width - length) / 2, (bitmap.height - length) / 2]
  context.imageSmoothingQuality = "high"
  context.fillStyle = "#ffffff"
  context.fillRect(0, 0, side, side)
  context.drawImage(bitmap, left, top, length, length, 0, 0, side, side)
  return canvas
}
