/** One file of the build: files on their way into a message. What prepares them comes with the first (browser/files.ts). */

export { AttachMenu } from "./AttachMenu.tsx"
export { attach, sendFiles } from "./attach.ts"
export { Tray } from "./Tray.tsx"
