/**
 * Debian's Chromium, and pages of it that notice everything that must not happen:
 * errors in the console, failed requests, requests to another origin.
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { chromium } from 'playwright-core'

const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome']
const FIREFOX = ['firefox-esr', 'firefox']

/** A browser's file, from the search path. */
function executable(names) {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const files = names.flatMap(name => folders.map(folder => path.join(folder, name)))
  const found = files.find(file => existsSync(file))
  if (!found) throw new Error(`no ${names[0]} on this machine: apt-get install ${names[0]}, or run tests/run browser`)
  return found
}

/** How Chromium is started: it asks nobody for anything. */
export function chromiumProgram() {
  const quiet = ['--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return { executablePath: executable(CHROMIUM), args: [...quiet, ...asRoot] }
}

/** How Firefox is started. */
export function firefoxProgram() {
  return { executablePath: executable(FIREFOX) }
}

/** A headless browser. */
export function launch() {
  return chromium.launch(chromiumProgram())
}

/** Sizes that everything must look right at. */
export const SIZES = {
  laptop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
}

/**
 * A page in a browser context of its own.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {{size?: keyof typeof SIZES, lang?: 'zh' | 'en', theme?: 'light' | 'dark', more?: import('playwright-core').BrowserContextOptions}} [as]
 *   `more`: what else is wished of the browser, such as reduced motion or forced colours
 * @returns {Promise<{page: import('playwright-core').Page, faults: string[], close: () => Promise<void>}>}
 *   `faults`: what happened that must not; empty when all is well
 */
export async function visitor(browser, { size = 'laptop', lang = 'en', theme = 'light', more = {} } = {}) {
  const context = await browser.newContext({
    viewport: SIZES[size],
    hasTouch: size === 'phone',
    isMobile: size === 'phone',
    locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: theme,
    ...more,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  return { page, faults: watch(page), close: () => context.close() }
}

/** Collects what must not happen on a page. */
function watch(page) {
  const faults = []
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) faults.push(`console: ${message.text()}`)
  })
  page.on('pageerror', error => faults.push(`error: ${error.message}`))
  page.on('request', request => {
    const [asked, own] = [new URL(request.url()), new URL(page.url())]
    const foreign = asked.host !== own.host && own.protocol.startsWith('http') && asked.protocol !== 'data:'
    if (foreign) faults.push(`foreign request: ${request.url()}`)
  })
  page.on('response', answer => {
    if (answer.status() >= 400) faults.push(`${answer.status()}: ${answer.url()}`)
  })
  return faults
}
