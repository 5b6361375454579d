/**
 * The playground page in its reader's terms: press Run, read how it stands, pick a process.
 * Everything is found by role and words; everything is awaited, nothing slept for.
 */
import { pattern, sentence } from './words.js'

export class Playground {
  /**
   * @param {import('playwright-core').Page} page
   * @param {'zh' | 'en'} lang
   */
  constructor(page, lang) {
    this.page = page
    this.lang = lang
  }

  /**
   * Opens a scenario as the reader of a link does.
   * @param {import('playwright-core').Page} page
   * @param {string} url the server's
   * @param {string} scenario
   * @param {{lang?: 'zh' | 'en', params?: Record<string, string | number | boolean>}} [as]
   */
  static async open(page, url, scenario, { lang = 'en', params = {} } = {}) {
    const address = new URL(`/scenarios/${scenario}`, url)
    for (const [name, value] of Object.entries({ lang, ...params })) address.searchParams.set(name, String(value))
    await page.goto(address.href)
    const playground = new Playground(page, lang)
    await playground.button('run.run').waitFor()
    return playground
  }

  /** The button that says a sentence, and only that. */
  button(key, fill = {}) {
    return this.page.getByRole('button', { name: sentence(this.lang, key, fill), exact: true })
  }

  /** Where the page says how the run stands. */
  get status() {
    return this.page.locator('run-bar')
  }

  /** The rows of the tree; the first is the supervisor. */
  get rows() {
    return this.page.getByRole('treeitem')
  }

  /** The row of the process with that name. */
  row(name) {
    return this.rows.filter({ has: this.page.getByText(name, { exact: true }) })
  }

  /** Waits until the page says a sentence about the run. */
  async says(key, fill = {}) {
    await this.status.getByText(pattern(this.lang, key, fill)).first().waitFor()
  }

  /** Presses Run and waits until processes run. Those of the recording that stood there before do not count. */
  async run() {
    await this.button('run.run').click()
    await this.becomes(() => ['live', 'finished'].includes(document.body.dataset.mode ?? ''))
    await this.rows.nth(1).waitFor({ state: 'attached' })
  }

  /** Presses Stop and waits for the end. */
  async stop() {
    await this.button('run.stop').click()
    await this.says('outcome.stopped')
  }

  /** Waits for a text among the lines of output, shown or in another tab. */
  async printed(text) {
    await this.page.locator('run-output').getByText(text).first().waitFor({ state: 'attached' })
  }

  /** On a phone: brings a view to the front. On a laptop all are there. */
  async view(name) {
    const tab = this.button(`tabs.${name}`)
    if (await tab.isVisible()) await tab.click()
  }

  /** Selects a process in the tree. */
  async select(name) {
    await this.view('tree')
    await this.row(name).click()
    await this.page.locator('[role=treeitem][aria-selected=true]').waitFor()
  }

  /** The meter's counts once they agree; fails by timeout when they never do. */
  async counts() {
    const meter = this.page.locator('run-meter').getByText(pattern(this.lang, 'meter.equal')).first()
    await meter.waitFor({ state: 'attached' })
    return (await meter.textContent()).match(/\d+/g).slice(0, 3).map(Number)
  }

  /** Waits until an expression about the page is true, given as a function that runs there. */
  becomes(condition, argument) {
    return this.page.waitForFunction(condition, argument)
  }
}
