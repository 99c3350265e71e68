/** How a QR code is drawn: on the page, as a file to print, as a picture. */

interface Code {
  readonly size: number
  get(x: number, y: number): boolean
}

/** Squares of one unit each, the quiet zone included. */
export interface Drawing {
  readonly size: number
  readonly path: string
}

/** ISO/IEC 18004 wants four squares of nothing around it. */
const QUIET = 4
const PIXELS = 1_200

/** One run of dark squares in a row is one rectangle: no hairlines between them. */
export function drawingOf(code: Code): Drawing {
  let path = ""
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) {
      if (!code.get(x, y) || code.get(x - 1, y)) continue
      let width = 1
      while (code.get(x + width, y)) width++
      path += `M${x + QUIET} ${y + QUIET}h${width}v1h-${width}z`
    }
  }
  return { size: code.size + 2 * QUIET, path }
}

export function svgOf({ size, path }: Drawing): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="12cm" height="12cm"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${path}"/></svg>`
}

export async function pictureOf({ size, path }: Drawing): Promise<Blob> {
  const scale = Math.floor(PIXELS / size)
  const canvas = document.createElement("canvas")
  canvas.width = canvas.height = size * scale
  const pen = canvas.getContext("2d")
  if (pen === null) throw new Error("no canvas")
  pen.fillStyle = "#fff"
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.scale(scale, scale)
  pen.fillStyle = "#000"
  pen.fill(new Path2D(path))
  return new Promise((resolve, reject) =>
    canvas.toBlob((picture) => (picture === null ? reject(new Error("no picture")) : resolve(picture))),
  )
}
