/**
 * A run as one HTML file: it plays from a disk, with nothing beside it, in both browsers.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import puppeteer from 'puppeteer-core'
import { firefoxProgram, visitor } from './support/browser.js'
import { coloursDrawn, layoutFaults } from './support/looks.js'
import { browser, server } from './support/stage.js'
import { pattern, sentence } from './support/words.js'

const folder = await mkdtemp(path.join(tmpdir(), 'playground-'))
after(() => rm(folder, { recursive: true }))

/** Saves an export as a reader does; the file's address and how many bytes it has beside its data: log, sentences, picture. */
async function save(name, address) {
  const answer = await fetch(`${server.url}${address}`)
  assert.match(answer.headers.get('content-disposition'), /^attachment; filename="[a-z0-9.-]+\.html"$/)
  const html = await answer.text()
  const file = path.join(folder, name)
  await writeFile(file, html)
  const picture = /data:image\/svg\+xml;base64,[^"]*/.exec(html)[0]
  const packed = /"packed":"([^"]*)"/.exec(html)[1]
  return { url: pathToFileURL(file).href, bytes: Buffer.byteLength(html) - picture.length - packed.length }
}

describe('the file', () => {
  test('is small for every scenario, and has its hashes for a policy', async () => {
    for (const { id } of await server.cards('en')) {
      const { bytes } = await save(`${id}.html`, `/api/scenarios/${id}/recording/export.html`)
      assert.ok(bytes < 300 * 1024, `${id}: ${bytes} bytes`)
    }
    const html = await (await fetch(`${server.url}/api/scenarios/pool/recording/export.html`)).text()
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)[1]
    assert.match(policy, /^default-src 'none'; script-src 'sha256-[^' ]+' 'sha256-[^' ]+'; style-src 'sha256-[^' ]+' 'sha256-[^' ]+'; img-src data:;/)
  })

  test('plays from a disk in Chromium, in the language and theme that its address says', async () => {
    const { url } = await save('queue.html', '/api/scenarios/queue/recording/export.html?lang=zh')
    for (const [query, lang] of [['', 'zh'], ['?lang=en&theme=dark&view=simple', 'en']]) {
      const { page, faults, close } = await visitor(browser, { size: 'phone' })
      await page.goto(url + query)
      await page.getByText(pattern(lang, 'run.recorded')).waitFor()
      await page.getByText(sentence(lang, 'scrub.mode.replay'), { exact: true }).first().waitFor()
      assert.ok(await coloursDrawn(page.locator('process-timeline')) > 5)
      assert.equal(await page.locator('#run').isVisible(), false, 'there is no server to run anything')
      assert.deepEqual(await layoutFaults(page), [])
      await page.screenshot({ path: `screenshots/offline-${lang}.png` })
      await page.getByRole('button', { name: sentence(lang, 'scrub.play') }).click()
      await page.waitForFunction(() => ![...document.querySelectorAll('run-output li')].some(line => line.textContent.includes('over!!!')))
      assert.deepEqual(faults, [])
      await close()
    }
  })

  test('has a run of one\'s own in it', async () => {
    const { run } = await (await fetch(`${server.url}/api/runs`, { method: 'POST', body: JSON.stringify({ scenario: 'pool', params: { size: 2, tasks: 2, longest: 0 } }) })).json()
    await (await fetch(`${server.url}/api/runs/${run}/events`)).text()
    const { url } = await save('own.html', `/api/runs/${run}/export.html?lang=en`)
    const { page, faults, close } = await visitor(browser)
    await page.goto(url)
    await page.locator('[data-mode="replay"] process-tree [role=treeitem]').nth(3).waitFor()
    assert.equal(await page.locator('process-tree [role=treeitem]').count(), 4)
    assert.deepEqual(faults, [])
    await close()
  })

  test('without scripts shows the picture that is in it', async () => {
    const { url } = await save('still.html', '/api/scenarios/pool/recording/export.html?lang=zh')
    const { page, close } = await visitor(browser, { more: { javaScriptEnabled: false } })
    await page.goto(url)
    const picture = page.getByRole('img')
    assert.ok(await picture.evaluate(image => image.complete && image.naturalWidth > 300))
    await close()
  })
})

test('Firefox plays it too', async () => {
  const { url } = await save('firefox.html', '/api/scenarios/pool/recording/export.html?lang=zh')
  const firefox = await puppeteer.launch({ browser: 'firefox', headless: true, ...firefoxProgram() })
  try {
    const page = await firefox.newPage()
    page.setDefaultTimeout(15_000)
    const faults = []
    page.on('console', message => ['error', 'warn'].includes(message.type()) && faults.push(message.text()))
    page.on('pageerror', error => faults.push(error.message))
    await page.goto(url)
    await page.waitForSelector('[data-mode="replay"] run-output .lines li')
    assert.ok(await coloursDrawn({ evaluate: look => page.$eval('process-timeline', look) }) > 5)
    await page.locator(`button[aria-label="${sentence('zh', 'scrub.play')}"]`).click()
    await page.waitForFunction(() => ![...document.querySelectorAll('run-output li')].some(line => line.textContent.includes('over!!!')))
    assert.deepEqual(faults, [])
  } finally {
    await firefox.close()
  }
})
