/** One file of the build: what shows pictures and files in messages, and what seals, sends and fetches them. */

export { createFiles } from "../../browser/files.ts"
export { ShownFiles } from "./ShownFiles.tsx"
