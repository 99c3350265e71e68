/** Prepares picked files for sending: nothing beside the picture stays in it, large ones become smaller, all get a small one. */
import { type Clean, clean, isDecodable } from "../core/files/clean.ts"
import { isShown, UNKNOWN } from "../core/files/formats/types.ts"
import { MAX_PIXELS } from "../core/files/kinds.ts"
import { CHUNK_BYTES } from "../core/files/layout.ts"
import { withEnding } from "../core/files/naming.ts"
import type { Prepare, Prepared } from "../core/files/ports.ts"
import { encodeHash, HASHED_PIXELS } from "../core/files/thumbhash.ts"
import { inTime } from "../core/inTime.ts"

/** The longer side of pictures that are not sent in their own size, and of small ones. */
const LONGEST = 2_560
const THUMB_LONGEST = 800
/** A picture that is as small as this is its own thumbnail. */
const THUMB_BYTES = 100_000
const QUALITY = 0.86
const THUMB_QUALITIES = [0.78, 0.6, 0.4]
/** What the room takes as a side of a picture. */
const MAX_SIDE = 100_000
/** A film that says nothing of itself for so long is sent as it is. */
const FILM_MS = 6_000
const ENDINGS: Readonly<Record<string, string>> = { "image/jpeg": ".jpg", "image/webp": ".webp", "image/png": ".png" }

type Details = Partial<Omit<Prepared, "name" | "size">>
interface Made {
  readonly whole: Blob
  readonly thumb: Blob | null
  readonly details: Details
}
type Drawable = ImageBitmap | HTMLVideoElement

export const preparePicked: Prepare = async (source, { name, type, isOriginal }) => {
  const cleaned = await clean(source, type)
  const { whole, thumb, details } = await made(cleaned, isOriginal)
  const prepared: Prepared = {
    type: cleaned.type,
    canBeOriginal: false,
    mayHoldPersonalData: cleaned.mayHoldPersonalData,
    ...details,
    isOriginal,
    size: whole.size,
    name: whole === cleaned.blob ? name : withEnding(name, ENDINGS[whole.type] ?? ""),
  }
  return { prepared, whole, thumb }
}

function made(cleaned: Clean, isOriginal: boolean): Promise<Made> {
  if (cleaned.type.startsWith("image/")) return madeOfPicture(cleaned, isOriginal)
  if (isShown(cleaned.type)) return madeOfFilm(cleaned)
  return Promise.resolve({ whole: cleaned.blob, thumb: null, details: {} })
}

async function madeOfPicture(cleaned: Clean, isOriginal: boolean): Promise<Made> {
  const { blob, type, width, height, isAnimated } = cleaned
  const asItIs = { whole: blob, thumb: null }
  // Too large to be shown anywhere, or of a kind whose size is not known.
  if (!isDecodable(cleaned)) return { ...asItIs, details: sidesOf(width, height) }
  const bitmap = await createImageBitmap(blob).catch(() => null)
  // It is not what it says: nobody knows what is in it.
  if (bitmap === null) return { ...asItIs, details: isShown(type) ? { type: UNKNOWN, mayHoldPersonalData: true } : {} }
  try {
    const isLarge = !isAnimated && Math.max(bitmap.width, bitmap.height) > LONGEST
    const isForeign = !isShown(type)
    const isKept = !isForeign && (isOriginal || !isLarge)
    const target = type === "image/jpeg" || isForeign ? "image/jpeg" : "image/webp"
    const whole = isKept
      ? blob
      : await encoded(bitmap, isOriginal ? Number.POSITIVE_INFINITY : LONGEST, target, QUALITY)
    const sides = isKept ? bitmap : scaled(bitmap.width, bitmap.height, isOriginal ? Number.POSITIVE_INFINITY : LONGEST)
    const isSmall = whole.size <= THUMB_BYTES && Math.max(sides.width, sides.height) <= THUMB_LONGEST && !isAnimated
    const thumb = isSmall ? null : await thumbnailOf(bitmap, bitmap.width, bitmap.height, target)
    return {
      whole,
      thumb: thumb?.blob ?? null,
      details: {
        type: whole.type,
        ...sidesOf(sides.width, sides.height),
        hash: hashOf(bitmap, bitmap.width, bitmap.height),
        thumb: thumb?.told,
        canBeOriginal: isLarge,
      },
    }
  } finally {
    bitmap.close()
  }
}

async function madeOfFilm({ blob, type }: Clean): Promise<Made> {
  const film = document.createElement(type.startsWith("audio/") ? "audio" : "video")
  const url = URL.createObjectURL(blob.type === type ? blob : new Blob([blob], { type }))
  try {
    film.muted = true
    film.preload = "auto"
    film.src = url
    await happened(film, "loadedmetadata")
    const { duration } = film
    const length = Number.isFinite(duration) ? { duration: Math.round(duration * 1000) } : {}
    if (!(film instanceof HTMLVideoElement)) return { whole: blob, thumb: null, details: length }
    const { videoWidth: width, videoHeight: height } = film
    const details = { ...length, ...sidesOf(width, height) }
    if (width * height === 0 || width * height > MAX_PIXELS) return { whole: blob, thumb: null, details }
    const still = await stillOf(film, width, height).catch(() => null)
    const hash = still === null ? undefined : hashOf(film, width, height)
    return { whole: blob, thumb: still?.blob ?? null, details: { ...details, hash, thumb: still?.told } }
  } catch {
    // A browser that cannot play it; others may.
    return { whole: blob, thumb: null, details: {} }
  } finally {
    film.removeAttribute("src")
    film.load()
    URL.revokeObjectURL(url)
  }
}

/** Films often begin in the dark. */
async function stillOf(film: HTMLVideoElement, width: number, height: number) {
  const seeked = happened(film, "seeked")
  film.currentTime = Math.min(1, (film.duration || 0) / 2)
  await seeked
  return thumbnailOf(film, width, height, "image/jpeg")
}

async function happened(film: HTMLMediaElement, name: string): Promise<void> {
  const happening = new Promise<void>((resolve, reject) => {
    film.addEventListener(name, () => resolve(), { once: true })
    film.addEventListener("error", () => reject(new Error("cannot be played")), { once: true })
  })
  await inTime(happening, FILM_MS)
}

async function thumbnailOf(drawable: Drawable, width: number, height: number, type: string) {
  for (let longest = THUMB_LONGEST; longest >= 100; longest /= 2) {
    const sides = scaled(width, height, longest)
    for (const quality of THUMB_QUALITIES) {
      const blob = await encodedAs(drawable, sides, type, quality)
      if (blob.size <= CHUNK_BYTES) return { blob, told: { type: blob.type, size: blob.size, ...sides } }
    }
  }
  return null
}

function encoded(bitmap: ImageBitmap, longest: number, type: string, quality: number): Promise<Blob> {
  return encodedAs(bitmap, scaled(bitmap.width, bitmap.height, longest), type, quality)
}

/** A browser that does not write `type` writes PNG. */
async function encodedAs(drawable: Drawable, sides: Sides, type: string, quality: number): Promise<Blob> {
  const { canvas } = drawn(drawable, sides)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality))
  // Safari keeps the memory of canvases for a while.
  canvas.width = 0
  if (blob === null) throw new Error("the canvas is too large")
  return blob
}

function hashOf(drawable: Drawable, width: number, height: number): string {
  const sides = scaled(width, height, HASHED_PIXELS)
  const { data } = drawn(drawable, sides).context.getImageData(0, 0, sides.width, sides.height)
  return encodeHash(sides.width, sides.height, data)
}

interface Sides {
  readonly width: number
  readonly height: number
}

function drawn(drawable: Drawable, { width, height }: Sides) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height })
  const context = canvas.getContext("2d")
  if (context === null) throw new Error("no canvas")
  context.imageSmoothingQuality = "high"
  context.drawImage(drawable, 0, 0, width, height)
  return { canvas, context }
}

function scaled(width: number, height: number, longest: number): Sides {
  const scale = Math.min(1, longest / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

function sidesOf(width: number, height: number): Partial<Sides> {
  const isSaid = width > 0 && height > 0 && Math.max(width, height) <= MAX_SIDE
  return isSaid ? { width, height } : {}
}
