/** What shows, takes and sends pictures and files is downloaded with the first of them. */
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"

const withTexts = async <M>(code: Promise<M>) => (await Promise.all([code, loadTexts("beside"), loadTexts("files")]))[0]

export const files = file(() => withTexts(import("./files.ts")))
export const taking = file(() => withTexts(import("./taking.ts")))
const viewing = file(() => withTexts(import("./viewing.ts")))

export const attachMenu = part(taking, ({ AttachMenu }) => AttachMenu)
export const media = part(viewing, ({ Media }) => Media, true)
export const shownFiles = part(files, ({ ShownFiles }) => ShownFiles)
export const tray = part(taking, ({ Tray }) => Tray)
export const viewer = part(viewing, ({ Viewer }) => Viewer)
