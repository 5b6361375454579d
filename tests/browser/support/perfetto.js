/**
 * Perfetto's UI with its trace processor, as a wheel of Python brings it, served from a folder and asked in SQL.
 * It is what others see of a trace: the order of its processes is read from the UI, not from the file.
 */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'

const KINDS = { '.js': 'text/javascript', '.html': 'text/html', '.css': 'text/css', '.json': 'application/json', '.wasm': 'application/wasm' }

export class Perfetto {
  /**
   * @param {import('playwright-core').Browser} browser
   * @param {string} folder where the UI's files are
   */
  static async start(browser, folder) {
    const perfetto = new Perfetto()
    perfetto.server = createServer((asked, answer) => perfetto.serve(folder, asked, answer)).listen(0, '127.0.0.1')
    await once(perfetto.server, 'listening')
    perfetto.url = `http://127.0.0.1:${perfetto.server.address().port}`
    perfetto.context = await browser.newContext({ viewport: { width: 1280, height: 800 }, serviceWorkers: 'block' })
    return perfetto
  }

  async serve(folder, asked, answer) {
    const name = new URL(asked.url, this.url).pathname
    const isTrace = name === '/trace.json'
    const file = path.join(folder, name === '/' ? 'index.html' : path.normalize(name))
    const body = isTrace ? this.trace : await readFile(file).catch(() => null)
    answer.writeHead(body === null ? 404 : 200, { 'Content-Type': KINDS[path.extname(file)] ?? 'application/octet-stream' })
    answer.end(body ?? '')
  }

  /** Opens a trace and waits until it is shown. */
  async open(trace) {
    this.trace = trace
    await this.page?.close()
    this.page = await this.context.newPage()
    await this.page.goto(`${this.url}/#!/?url=${encodeURIComponent(`${this.url}/trace.json`)}`)
    await this.page.waitForFunction(() => globalThis.app?.trace?.workspace?.children?.length > 0)
    await this.page.getByText('supervisor').first().waitFor()
  }

  /** The rows of a question in SQL; numbers are numbers. */
  query(sql) {
    return this.page.evaluate(async sql => {
      const result = await globalThis.app.trace.engine.query(sql)
      const rows = []
      const plain = value => (typeof value === 'bigint' ? Number(value) : value)
      for (const row = result.iter({}); row.valid(); row.next()) {
        rows.push(Object.fromEntries(result.columns().map(name => [name, plain(row.get(name))])))
      }
      return rows
    }, sql)
  }

  /** The processes as the UI has them, from top to bottom. */
  async processes() {
    const names = await this.page.evaluate(() => globalThis.app.trace.workspace.children.map(track => track.name))
    const parts = names.map(name => /^[·└ ]*(.+) (\d+)$/.exec(name)).filter(found => found)
    return parts.map(([, name, pid]) => ({ name, pid: Number(pid) }))
  }

  /** How many arrows the UI draws to and from a slice of that name. */
  async arrows(name) {
    const [{ id }] = await this.query(`select id from slice where name = '${name}'`)
    await this.page.evaluate(id => {
      const { trace } = globalThis.app
      trace.workspace.flatTracks.forEach(track => track.expand())
      trace.selection.selectSqlEvent('slice', id, { scrollToSelection: true })
    }, id)
    await this.page.waitForFunction(() => globalThis.app.trace.flows.connectedFlows.length > 0)
    await this.page.getByText('Preceding Flows').waitFor()
    return this.page.evaluate(() => globalThis.app.trace.flows.connectedFlows.length)
  }

  async stop() {
    await this.context.close()
    this.server.closeAllConnections()
    this.server.close()
  }
}
