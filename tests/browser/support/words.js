/**
 * The page's sentences, as the reader sees them: tests find things by their words,
 * in the language that is on the page, never by class names.
 */
import { readFileSync } from 'node:fs'
import { say } from '../../../web/base/text.js'

const table = Object.assign(
  {},
  ...['page', 'experiments', 'share', 'kept', 'embed', 'keys', 'server'].map(name => JSON.parse(readFileSync(new URL(`../../../web/text/${name}.json`, import.meta.url), 'utf8'))),
)

/**
 * The sentence of a key.
 * @param {'zh' | 'en'} lang
 * @param {string} key
 * @param {Record<string, string | number>} [fill] what stands for `{names}`
 */
export function sentence(lang, key, fill = {}) {
  const words = table[key]?.[lang]
  if (words === undefined) throw new Error(`no sentence ${key} in ${lang}`)
  return say({ [key]: words }, key, fill)
}

/** A pattern for a sentence: `{names}` that are not filled match anything. */
export function pattern(lang, key, fill = {}) {
  const parts = sentence(lang, key, fill).split(/ ?\{\w+\} ?/)
  return new RegExp(parts.map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join(' ?(.*?) ?'))
}
