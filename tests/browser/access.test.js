/**
 * For everybody: axe-core on every page and state, a whole session by keyboard alone,
 * zoom to 200 and 400 %, text set wider by the reader.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { barriers } from './support/axe.js'
import { visitor } from './support/browser.js'
import { layoutFaults, smallTargets } from './support/looks.js'
import { Playground } from './support/playground.js'
import { browser, server } from './support/stage.js'
import { sentence } from './support/words.js'

/** Every two of size, language and theme meet in one of them. */
const READERS = [
  { size: 'laptop', lang: 'zh', theme: 'light' },
  { size: 'laptop', lang: 'en', theme: 'dark' },
  { size: 'phone', lang: 'zh', theme: 'dark' },
  { size: 'phone', lang: 'en', theme: 'light' },
]

/** Colours that are under way to others would be measured half-way. */
const STILL = { reducedMotion: 'reduce' }

describe('axe finds nothing', () => {
  for (const { size, lang, theme } of READERS) {
    const reader = `${size}, ${lang}, ${theme}`

    test(`on the pages around a run: ${reader}`, async () => {
      const { page, close } = await visitor(browser, { size, lang, theme, more: STILL })
      for (const path of ['/', '/nowhere']) {
        await page.goto(server.url + path)
        assert.deepEqual(await barriers(page), [], path)
      }
      await close()
    })

    test(`from the first look to the last: ${reader}`, async () => {
      const { page, close } = await visitor(browser, { size, lang, theme, more: STILL })
      const playground = await Playground.open(page, server.url, 'queue', { lang, params: { capacity: 99 } })
      assert.deepEqual(await barriers(page), [], 'before a run, a field at fault')
      await playground.run()
      await playground.printed('1.png')
      assert.deepEqual(await barriers(page), [], 'while it runs')
      await playground.button('scrub.back').click()
      assert.deepEqual(await barriers(page), [], 'looking back')
      await playground.stop()
      await playground.select('MainProcess')
      for (const view of ['tree', 'output', 'source', 'details', 'text']) {
        await playground.view(view)
        assert.deepEqual(await barriers(page), [], `${view}, with a process selected`)
        if (size === 'laptop') break
      }
      await close()
    })

    test(`where some wait for ever: ${reader}`, async () => {
      const { page, close } = await visitor(browser, { size, lang, theme, more: STILL })
      const playground = await Playground.open(page, server.url, 'deadlock', { lang })
      await playground.run()
      await page.locator('.verdict').first().waitFor()
      assert.deepEqual(await barriers(page), [])
      await close()
    })
  }
})

describe('by keyboard alone', () => {
  test('a whole session: skip, change a parameter, run, choose, look back, stop', async () => {
    const { page, faults, close } = await visitor(browser)
    const playground = await Playground.open(page, server.url, 'processes')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    assert.equal(new URL(page.url()).hash, '#content', 'the first Tab stop leads over the masthead')

    await tabTo(page, 'input[type=number]')
    const before = await page.evaluate(() => document.activeElement.value)
    await page.keyboard.press('ArrowUp')
    assert.notEqual(await page.evaluate(() => document.activeElement.value), before, 'an arrow changes a number')

    await tabTo(page, '#run')
    await page.keyboard.press('Enter')
    await playground.row('听歌').first().waitFor()

    await tabTo(page, '[role=treeitem]')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.locator('[role=treeitem][aria-selected=true]').waitFor()

    await tabTo(page, 'process-timeline *')
    await page.keyboard.press('Comma')
    await page.locator('body[data-mode=replay]').waitFor()

    await page.keyboard.press('Control+Home')
    await tabTo(page, 'run-bar .danger')
    await page.keyboard.press('Enter')
    await playground.says('outcome.stopped')
    assert.deepEqual(faults, [])
    await close()
  })

  test('every stop of Tab is seen, and Tab comes round', async () => {
    const { page, close } = await visitor(browser, { more: STILL })
    const playground = await Playground.open(page, server.url, 'queue')
    await playground.run()
    await playground.stop()
    await page.evaluate(() => document.activeElement.blur())
    const seen = new Set()
    for (let stop = 0; stop < 200; stop += 1) {
      await page.keyboard.press('Tab')
      const at = await page.evaluate(focused)
      if (at === null) break
      assert.ok(!at.unseen, `${at.name} has the focus and does not show it`)
      seen.add(at.name)
    }
    assert.equal(await page.evaluate(focused), null, 'after the last stop the page lets go of the focus')
    assert.ok(seen.size > 20, `only ${[...seen].join(', ')}`)
    await close()
  })
})

/** Presses Tab until what matches has the focus. A run that goes on has more to stop at with each line it writes. */
async function tabTo(page, selector) {
  for (let stop = 0; stop < 400; stop += 1) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(wanted => document.activeElement?.matches(wanted), selector)) return
  }
  throw new Error(`Tab never comes to ${selector}`)
}

/** What has the focus, in the page; `unseen`: it is off the screen, or nothing of it or beside it shows that it has it. */
function focused() {
  const element = document.activeElement
  if (element === null || element === document.body) return null
  const shows = one => one !== null && getComputedStyle(one).outlineStyle !== 'none' && getComputedStyle(one).outlineWidth !== '0px'
  const ring = element.nextElementSibling?.classList.contains('ring') && getComputedStyle(element.nextElementSibling).visibility === 'visible'
  const after = getComputedStyle(element, '::after').outlineStyle !== 'none'
  const around = [element, element.parentElement, element.parentElement?.parentElement ?? null].some(shows)
  const { top, bottom, left, right } = element.getBoundingClientRect()
  const isOff = bottom <= 0 || top >= innerHeight || right <= 0 || left >= innerWidth
  return { name: `${element.tagName.toLowerCase()}.${element.className} "${element.ariaLabel ?? element.textContent.trim().slice(0, 24)}"`, unseen: isOff || !(around || ring || after) }
}

describe('larger', () => {
  const zooms = { '200 %': { width: 640, height: 400 }, '400 %': { width: 320, height: 256 } }
  for (const [zoom, viewport] of Object.entries(zooms)) {
    for (const lang of ['zh', 'en']) {
      test(`at ${zoom} a laptop's page has one column and loses nothing: ${lang}`, async () => {
        const { page, faults, close } = await visitor(browser, { lang, more: { viewport } })
        await page.goto(`${server.url}/?lang=${lang}`)
        assert.deepEqual(await layoutFaults(page), [])
        const playground = await Playground.open(page, server.url, 'queue', { lang })
        await playground.run()
        await playground.stop()
        for (const view of ['tree', 'output', 'source', 'details', 'text']) {
          await playground.view(view)
          assert.deepEqual(await layoutFaults(page), [], view)
          assert.deepEqual(await smallTargets(page), [], view)
        }
        assert.deepEqual(faults, [])
        await close()
      })
    }
  }

  test('text set wider by the reader is not cut off', async () => {
    const { page, close } = await visitor(browser, { more: { bypassCSP: true } })
    const playground = await Playground.open(page, server.url, 'pool')
    // WCAG 2.2, 1.4.12
    await page.addStyleTag({ content: '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }' })
    await playground.run()
    await playground.says('outcome.completed')
    assert.deepEqual(await layoutFaults(page), [])
    await close()
  })
})
