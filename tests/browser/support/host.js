/**
 * Somebody else's page with embeds in it, on an origin of its own.
 */
import { createServer } from 'node:http'
import { once } from 'node:events'

/** A site on a port of its own. */
export class Host {
  /** @param {(path: string, answer: import('node:http').ServerResponse) => void} give answers for a path */
  static async start(give) {
    const site = createServer((asked, answer) => give(decodeURIComponent(new URL(asked.url, 'http://host').pathname), answer))
    site.listen(0, '127.0.0.1')
    await once(site, 'listening')
    return new Host(site)
  }

  constructor(site) {
    this.site = site
    /** As `http://127.0.0.1:4711`. */
    this.url = `http://127.0.0.1:${site.address().port}`
  }

  async stop() {
    this.site.close()
    this.site.closeAllConnections()
    await once(this.site, 'close')
  }
}

/**
 * What gives plain pages.
 * @param {Record<string, string>} pages HTML by path; may be changed later
 */
export const plain = pages => (path, answer) => {
  answer.writeHead(pages[path] === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' })
  answer.end(pages[path])
}

/**
 * A frame as the contract has it.
 * @param {string} server
 * @param {string} wishes as `pool?lang=zh`
 */
export const frame = (server, wishes, more = '') =>
  `<iframe src="${server}/embed/v1/${wishes}" title="${wishes}" width="100%" height="560" loading="lazy" sandbox="allow-scripts allow-popups" ${more}></iframe>`

/** A page around some content. */
export const page = (content, style = '', head = '') =>
  `<!doctype html><html lang="zh"><meta charset="utf-8">${head}<link rel="icon" href="data:,"><title>Post</title><body style="margin:8px;${style}">${content}`

/** For the head of a page that runs no scripts: what is in a frame may. */
export const SCRIPTLESS = '<meta http-equiv="Content-Security-Policy" content="script-src \'none\'">'

/**
 * What must not happen on a page with embeds: errors in the console, requests to any but the host and the server, cookies.
 * @param {import('playwright-core').Page} of
 * @param {readonly string[]} origins
 */
export function watch(of, origins) {
  const faults = []
  of.on('console', message => ['error', 'warning'].includes(message.type()) && faults.push(`console: ${message.text()}`))
  of.on('pageerror', error => faults.push(`error: ${error.message}`))
  of.on('request', request => {
    const { origin, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && !origins.includes(origin)) faults.push(`foreign request: ${request.url()}`)
  })
  of.on('response', async answer => {
    if (answer.status() >= 400) faults.push(`${answer.status()}: ${answer.url()}`)
    if (await answer.headerValue('set-cookie').catch(() => null)) faults.push(`a cookie: ${answer.url()}`)
  })
  return faults
}
