/** axe-core in the page: what a page's accessibility has against it, in one line a fault. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const SOURCE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** WCAG 2.2 A and AA, and what axe calls best practice: landmarks, one level-one heading, order of headings. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/**
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>} `rule: selector: what is wrong`; empty when nothing is
 */
export async function barriers(page) {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(SOURCE)
  return page.evaluate(async tags => {
    // What sticks to the screen covers something wherever one has scrolled to; at the top it must cover nothing.
    scrollTo(0, 0)
    const { violations } = await window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] })
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target}: ${failureSummary.replace(/\s+/g, ' ')}`))
  }, RULES)
}
