/** The parts of the catalogues that come last. Where they are takes a file of its own, which comes before the first of them. */
import type { Texts } from "./en.ts"
import type { LaterGroup } from "./load.ts"
import type { Language } from "./translate.ts"

type Load = () => Promise<{ readonly texts: Partial<Texts> }>

export const more: Record<Language, Record<LaterGroup, Load>> = {
  en: {
    later: () => import("./en.ts?later"),
    settings: () => import("./en.ts?settings"),
    invites: () => import("./en.ts?invites"),
    programs: () => import("./en.ts?programs"),
    files: () => import("./en.ts?files"),
    search: () => import("./en.ts?search"),
    lanes: () => import("./en.ts?lanes"),
    kept: () => import("./en.ts?kept"),
    scheduling: () => import("./en.ts?scheduling"),
    export: () => import("./en.ts?export"),
    welcome: () => import("./en.ts?welcome"),
    profile: () => import("./en.ts?profile"),
    administration: () => import("./en.ts?administration"),
    writing: () => import("./en.ts?writing"),
    comings: () => import("./en.ts?comings"),
    rooms: () => import("./en.ts?rooms"),
    disturb: () => import("./en.ts?disturb"),
    polls: () => import("./en.ts?polls"),
  },
  ru: {
    later: () => import("./ru.ts?later"),
    settings: () => import("./ru.ts?settings"),
    invites: () => import("./ru.ts?invites"),
    programs: () => import("./ru.ts?programs"),
    files: () => import("./ru.ts?files"),
    search: () => import("./ru.ts?search"),
    lanes: () => import("./ru.ts?lanes"),
    kept: () => import("./ru.ts?kept"),
    scheduling: () => import("./ru.ts?scheduling"),
    export: () => import("./ru.ts?export"),
    welcome: () => import("./ru.ts?welcome"),
    profile: () => import("./ru.ts?profile"),
    administration: () => import("./ru.ts?administration"),
    writing: () => import("./ru.ts?writing"),
    comings: () => import("./ru.ts?comings"),
    rooms: () => import("./ru.ts?rooms"),
    disturb: () => import("./ru.ts?disturb"),
    polls: () => import("./ru.ts?polls"),
  },
}
