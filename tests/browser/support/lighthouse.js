/** Lighthouse, on the Chromium of all tests, as on a middling phone with a slow line (its own default). */
import lighthouse from 'lighthouse'
import puppeteer from 'puppeteer-core'
import { chromiumProgram } from './browser.js'

/**
 * Scores of pages, 0 to 100 by category, and what lowers them.
 * @param {string[]} addresses
 * @param {string[]} categories as `accessibility`
 * @returns {Promise<{address: string, scores: Record<string, number>, lost: string[]}[]>}
 */
export async function scores(addresses, categories) {
  const browser = await puppeteer.launch(chromiumProgram())
  try {
    const found = []
    for (const address of addresses) found.push(await examine(browser, address, categories))
    return found
  } finally {
    await browser.close()
  }
}

async function examine(browser, address, categories) {
  const { port } = new URL(browser.wsEndpoint())
  const { lhr } = await lighthouse(address, { port: Number(port), onlyCategories: categories, logLevel: 'error' })
  if (lhr.runtimeError) throw new Error(lhr.runtimeError.message)
  const counted = Object.values(lhr.categories).map(({ id, score }) => [id, Math.round((score ?? 0) * 100)])
  const refs = Object.values(lhr.categories).flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight > 0))
  const lost = refs.map(({ id }) => lhr.audits[id]).filter(({ score }) => score !== null && score < 1)
  return { address, scores: Object.fromEntries(counted), lost: lost.map(({ id, displayValue }) => `${id} ${displayValue ?? ''}`.trim()) }
}
