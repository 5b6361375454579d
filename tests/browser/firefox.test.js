/**
 * The smoke test in Firefox, by WebDriver BiDi: open, run, read the tree, see the picture, look back, stop,
 * and not a word in the console.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import puppeteer from 'puppeteer-core'
import { firefoxProgram } from './support/browser.js'
import { coloursDrawn } from './support/looks.js'
import { Server } from './support/server.js'
import { sentence } from './support/words.js'

const says = key => sentence('en', key)

test('Firefox shows a run as Chromium does', async () => {
  const server = await Server.start()
  const browser = await puppeteer.launch({ browser: 'firefox', headless: true, ...firefoxProgram() })
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(15_000)
    await page.setViewport({ width: 1280, height: 800 })
    const faults = []
    page.on('console', message => ['error', 'warn'].includes(message.type()) && faults.push(message.text()))
    page.on('pageerror', error => faults.push(error.message))
    page.on('requestfailed', request => faults.push(request.url()))

    await page.goto(`${server.url}/scenarios/processes?lang=en`)
    await page.locator('#run').click()
    await page.waitForSelector('[role=treeitem][aria-level="3"]')
    const names = await page.$$eval('[role=treeitem] .name b', all => all.map(name => name.textContent))
    assert.deepEqual(names, [says('tree.supervisor'), 'MainProcess', '听歌', '吃饭'])
    await page.waitForSelector('run-output .lines li')
    await page.waitForFunction(() => document.body.dataset.mode === 'live')
    assert.ok(await coloursDrawn({ evaluate: look => page.$eval('process-timeline', look) }) > 5, 'the timeline is drawn')

    await page.locator(`button[aria-label="${says('scrub.back')}"]`).click()
    await page.waitForFunction(() => document.body.dataset.mode === 'replay')
    await page.locator('run-bar .danger').click()
    await page.waitForFunction(words => document.querySelector('run-bar')?.textContent.includes(words), {}, says('outcome.stopped'))

    await page.locator('#share').click()
    await page.locator('dialog.sharing summary').click()
    const frame = await (await page.waitForSelector('dialog.sharing iframe[src]')).contentFrame()
    await frame.waitForSelector('.stage-of-embed[data-mode="replay"]')
    assert.ok(await page.$eval('dialog.sharing .qr', code => code.decode().then(() => code.naturalWidth > 0)), 'the QR code is drawn')
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => !document.querySelector('dialog.sharing').open)

    const { scrolled, width } = await page.evaluate(() => ({ scrolled: document.documentElement.scrollWidth, width: innerWidth }))
    assert.ok(scrolled <= width, `${scrolled} px wide on ${width}`)
    assert.deepEqual(faults, [])
  } finally {
    await browser.close()
    await server.stop()
  }
})
