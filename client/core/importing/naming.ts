/**
 * Names of people, places and files, so that the room takes them: its rules are those of src/text/names.py, and what these
 * refuse is left out here.
 */
import { shownName } from "../files/names.ts"
import { isEmpty } from "../visible.ts"
import { MOST_FILE_NAME, MOST_NAME, MOST_PLACE_NAME, MOST_TOPIC } from "./limits.ts"

/** Controls, line ends, directions, what is not drawn, and what means nothing. */
const NOT_IN_NAMES = /(?!\s)[\p{Cc}\p{Cf}\p{DI}\p{Cn}\p{Co}\p{Cs}\u2800\u{1D159}\u{13441}\u{13442}\u{16FE4}]/gu
/** In texts of a line joiners stay: emoji need them. */
const NOT_IN_LINES = /(?!\s)[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\p{Cs}]/gu
const UNSEEN = /[\p{DI}\u2800\u{1D159}\u{13441}\u{13442}\u{16FE4}]/u
const MARK = /[\p{Mn}\p{Me}]/u
const SIGNS = /^[@#＠＃﹫﹟\s]+/u

/** Without halves of characters, which the room refuses. */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, "\uFFFD")

const cut = (text: string, most: number) => [...text].slice(0, most).join("").trimEnd()
const oneLine = (text: string) => text.replace(/\s+/gu, " ").trim()
/** Normalising takes long where many marks stand together. */
const short = (text: string, most: number) => wellFormed(text.slice(0, most * 8))

const MOST_MARKS = 4

/** Without marks that stand on no letter, and those that are more than any language writes on one. */
function unpiled(text: string): string {
  let marks = MOST_MARKS
  return Array.from(text, (sign) => {
    if (UNSEEN.test(sign)) return sign
    if (MARK.test(sign)) {
      marks += 1
      return marks > MOST_MARKS ? "" : sign
    }
    marks = /\s/.test(sign) ? MOST_MARKS : 0
    return sign
  }).join("")
}

/** Empty if nothing of it can be seen. */
function cleanName(text: string, most: number): string {
  const name = short(text, most).replace(NOT_IN_NAMES, "").normalize("NFC")
  const whole = cut(stripped(name), most)
  return isEmpty(whole) ? "" : whole
}

/** What stands in front of a name may come out in several layers: `@`, a mark on it, a space. */
function stripped(name: string): string {
  const less = oneLine(unpiled(oneLine(name).replace(SIGNS, "")))
  return less === name ? name : stripped(less)
}

/** @param key what people are called who have no name: an id of theirs. */
export const personName = (name: string, key: string): string =>
  cleanName(name, MOST_NAME) || cleanName(key, MOST_NAME) || "?"

export const placeName = (name: string, key: string): string =>
  cleanName(name, MOST_PLACE_NAME) || cleanName(key, MOST_PLACE_NAME) || "?"

export function topicOf(text: string): string {
  const line = oneLine(unpiled(oneLine(short(text, MOST_TOPIC).replace(NOT_IN_LINES, "").normalize("NFC"))))
  return isEmpty(line) ? "" : cut(line, MOST_TOPIC)
}

export function fileName(text: string): string {
  const name = oneLine(unpiled(shownName(short(text, MOST_FILE_NAME)).normalize("NFC")))
  return isEmpty(name) ? "file" : cut(name, MOST_FILE_NAME)
}

const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/

export function mediaType(text: string): string {
  const type = text.slice(0, 200).toLowerCase().replace(/;.*$/s, "").trim()
  return type.length <= 100 && MEDIA_TYPE.test(type) ? type : "application/octet-stream"
}

/** A name out of the file in a report, which stands in a terminal. */
export const shownPart = (text: string): string => shownName(wellFormed(text.slice(0, 300)))
