/** The emoji of one language as the picker reads them: by group, with words to search for and GitHub's shortcodes. */
import { createRequire } from "node:module"

const require = createRequire(import.meta.url)
const COMPONENT_GROUP = 2

/**
 * @param {string} language
 * @returns {Promise<{groups: {name: string, emojis: [string, string, string][]}[]}>} emoji, label, words and shortcodes
 */
export async function emojiData(language) {
  /** @type {readonly import("emojibase").CompactEmoji[]} */
  const all = require(`emojibase-data/${language}/compact.json`)
  /** @type {import("emojibase").MessagesDataset} */
  const { groups } = require(`emojibase-data/${language}/messages.json`)
  /** @type {Record<string, string | string[]>} */
  const codes = require("emojibase-data/en/shortcodes/github.json")
  return {
    groups: groups
      .filter(({ order }) => order !== COMPONENT_GROUP)
      .map(({ message, order }) => ({
        name: message,
        emojis: all
          .filter(({ group }) => group === order)
          .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
          .map(({ unicode, label, tags = [], hexcode }) => [plain(unicode), label, wordsOf(tags, codes[hexcode])]),
      })),
  }
}

/**
 * Without the variation selector where an emoji looks like one anyway, as keyboards write it: the same reaction must
 * not appear twice.
 *
 * @param {string} unicode
 */
function plain(unicode) {
  return unicode.replace(/(\p{Emoji_Presentation})\uFE0F/gu, "$1")
}

/**
 * @param {readonly string[]} tags
 * @param {string | readonly string[] | undefined} codes
 */
function wordsOf(tags, codes = []) {
  return [...[codes].flat().map((code) => `:${code}:`), ...tags].join(" ")
}
