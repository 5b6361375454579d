/**
 * What a first visit costs: bytes, requests, things that move while they come.
 * Content is counted by the browser, as it comes compressed, with nothing kept from before; heads of answers are not in it.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { visitor } from './support/browser.js'
import { browser, server } from './support/stage.js'

const MOST_BYTES = 150_000

describe('a first visit', () => {
  for (const path of ['/?lang=zh', '/scenarios/pool?lang=zh', '/scenarios/queue?lang=en']) {
    test(`to ${path} is light`, async () => {
      const { page, faults, close } = await visitor(browser)
      const answers = await answersOf(page)
      await page.goto(server.url + path, { waitUntil: 'networkidle' })
      const bytes = answers.reduce((sum, answer) => sum + answer.bytes, 0)
      assert.ok(bytes <= MOST_BYTES, `${bytes} bytes: ${answers.map(({ url, bytes: size }) => `${size} ${url}`).join(', ')}`)
      assert.deepEqual(await missingPreloads(page), [], 'every module is named in the page, so none waits for another')
      assert.deepEqual(answers.filter(({ url }) => !url.startsWith(server.url)), [], 'nothing from anywhere else')
      assert.deepEqual(faults, [])
      await close()
    })
  }

  for (const [size, lang, scenario] of [['laptop', 'zh', 'pool'], ['laptop', 'en', 'zombie'], ['phone', 'zh', 'pool'], ['phone', 'en', 'zombie']]) {
    test(`shows nothing that moves away again when its scripts come late: ${size}, ${lang}, ${scenario}`, async () => {
      const { page, close } = await visitor(browser, { size, lang })
      let tellPainted
      const painted = new Promise(resolve => { tellPainted = resolve })
      await page.exposeFunction('tellPainted', () => tellPainted())
      await page.route(url => url.pathname.endsWith('.js') && !url.pathname.endsWith('/theme.js'), async route => {
        await painted
        await route.continue()
      })
      await page.addInitScript(() => {
        window.shifts = []
        new PerformanceObserver(list => window.shifts.push(...list.getEntries().map(({ value, sources }) => `${value.toFixed(3)} ${sources.map(({ node }) => node?.nodeName + '.' + node?.className).join(' ')}`)))
          .observe({ type: 'layout-shift', buffered: true })
        new PerformanceObserver(() => window.tellPainted()).observe({ type: 'paint', buffered: true })
      })
      await page.goto(`${server.url}/scenarios/${scenario}?lang=${lang}`, { waitUntil: 'networkidle' })
      const shifts = await page.evaluate(() => window.shifts)
      const sum = shifts.reduce((total, shift) => total + Number.parseFloat(shift), 0)
      assert.ok(sum < 0.02, shifts.join('\n'))
      await close()
    })
  }
})

test('a second visit asks for the page, and for none of its files', async () => {
  const { page, close } = await visitor(browser)
  await page.goto(`${server.url}/scenarios/pool?lang=zh`, { waitUntil: 'networkidle' })
  await page.goto(`${server.url}/scenarios/queue?lang=zh`, { waitUntil: 'networkidle' })
  const sizes = await page.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('/static/')).map(({ name, transferSize }) => ({ name, transferSize })))
  assert.ok(sizes.length >= 4, 'its script, its sheets')
  assert.deepEqual(sizes.filter(({ transferSize }) => transferSize > 0), [])
  await close()
})

/** Every answer from now on, with its size on the wire. */
async function answersOf(page) {
  const client = await page.context().newCDPSession(page)
  await client.send('Network.enable')
  const answers = []
  const urls = new Map()
  client.on('Network.responseReceived', ({ requestId, response }) => urls.set(requestId, response.url))
  const heads = new Map()
  client.on('Network.responseReceived', ({ requestId, response }) => heads.set(requestId, response.encodedDataLength))
  client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => answers.push({ url: urls.get(requestId) ?? '', bytes: encodedDataLength - (heads.get(requestId) ?? 0) }))
  return answers
}

/** The modules that the page loaded and did not name, and those it named and did not need. */
function missingPreloads(page) {
  return page.evaluate(() => {
    const named = [...document.querySelectorAll('link[rel=modulepreload], script[type=module][src]')].map(node => node.href || node.src)
    const loaded = performance.getEntriesByType('resource').map(({ name }) => name).filter(name => name.endsWith('.js') && !name.endsWith('/pages/theme.js'))
    return [...loaded.filter(name => !named.includes(name)), ...named.filter(name => !loaded.includes(name))]
  })
}
