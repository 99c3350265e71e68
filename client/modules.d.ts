/** What client/build.mjs makes of the imports and names that TypeScript does not know. */
declare module "url:*" {
  const address: string
  export default address
}

/** Which build this is, and the files it consists of; set in the service worker only. */
declare const VERSION: string
declare const SHELL: readonly string[]
