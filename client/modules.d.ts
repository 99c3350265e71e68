/** What client/build.mjs makes of the imports and names that TypeScript does not know. */
declare module "url:*" {
  const address: string
  export default address
}

/** A part of a catalogue (i18n/groups.mjs). */
declare module "*?first" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?blocked" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?door" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?join" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?invites" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?programs" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?files" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?search" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?export" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?polls" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?kept" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?scheduling" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?lanes" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?welcome" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?profile" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?administration" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?settings" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?writing" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}

declare module "*?rooms" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?comings" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?disturb" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?beside" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?later" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?recovery" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}
declare module "*?passkeys" {
  export const texts: Partial<import("./i18n/en.ts").Texts>
}

/** The code of archive.html (archive/build.mjs). */
declare module "archive:page" {
  export const page: import("./core/archive/page.ts").PageCode
}

/** Which build this is, and the files it consists of; set in the service worker only. */
declare const VERSION: string
declare const SHELL: readonly string[]
