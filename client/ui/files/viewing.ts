/** One file of the build: pictures over the whole window, and all there are in a channel. */

export { Media } from "./Media.tsx"
export { Viewer } from "./Viewer.tsx"
