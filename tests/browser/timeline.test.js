/**
 * The timeline under the hand: names, axis, drag, wheel, keys and buttons, on a real run.
 * What is on the canvas is found by its colour, as the reader finds it.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { visitor } from './support/browser.js'
import { Playground } from './support/playground.js'
import { browser, server } from './support/stage.js'
import { sentence } from './support/words.js'

/** A page on which `processes` run. */
async function running() {
  const { page, faults, close } = await visitor(browser)
  const playground = await Playground.open(page, server.url, 'processes')
  await playground.run()
  await playground.row('听歌').waitFor()
  const timeline = page.getByRole('group', { name: sentence('en', 'timeline.title'), exact: true })
  return { page, playground, timeline, faults, close }
}

/** A page on which `processes` ran until they were stopped: its picture stands still. */
async function stopped() {
  const ready = await running()
  await ready.playground.printed('听歌')
  await ready.playground.stop()
  return ready
}

/**
 * Waits until a colour of the style is drawn left of some place, and tells where it first is.
 * @param {import('playwright-core').Page} page
 * @param {string} name as `process-1`
 * @param {number} within pixels from the left
 */
async function place(page, name, within) {
  const found = await page.waitForFunction(([property, width]) => {
    const canvas = document.querySelector('process-timeline canvas')
    const probe = document.createElement('canvas').getContext('2d')
    probe.fillStyle = getComputedStyle(canvas).getPropertyValue(`--${property}`).trim()
    probe.fillRect(0, 0, 1, 1)
    const wanted = probe.getImageData(0, 0, 1, 1).data
    const ratio = canvas.width / canvas.clientWidth
    const { data } = canvas.getContext('2d').getImageData(0, 0, width * ratio, canvas.height)
    const at = data.findIndex((_, place) => place % 4 === 0 && [0, 1, 2].every(part => data[place + part] === wanted[part]))
    if (at < 0) return null
    const { left, top } = canvas.getBoundingClientRect()
    return { x: left + (at / 4) % (width * ratio) / ratio, y: top + Math.floor(at / 4 / (width * ratio)) / ratio + 2 }
  }, [name, within])
  return found.jsonValue()
}

/** How many frames in a row must be the same for a picture that stands still. */
const STILL = 10

/** Waits until the picture is another one, and stands still. */
function redrawn(page, former) {
  return page.evaluate(async ([before, frames]) => {
    const canvas = document.querySelector('process-timeline canvas')
    let last = ''
    for (let same = 0, seen = 0; same < frames || last === before; seen += 1) {
      if (seen > 60 * frames) throw new Error('the timeline is not painted anew, or never stands still')
      await new Promise(resolve => requestAnimationFrame(resolve))
      const now = canvas.toDataURL()
      same = now === last ? same + 1 : 0
      last = now
    }
    return last
  }, [former, STILL])
}

const badge = (page, key) => page.locator('run-scrubber').getByText(sentence('en', `scrub.mode.${key}`), { exact: true })

test('a name in the timeline selects its process everywhere, and again lets it go', async () => {
  const { page, faults, close } = await running()
  const { x, y } = await place(page, 'process-1', 40)
  await page.mouse.click(x + 3, y)
  const chosen = page.locator('[role=treeitem][aria-selected=true]')
  await chosen.waitFor()
  assert.match(await chosen.textContent(), /听歌/)
  await page.mouse.click(x + 3, y)
  await chosen.waitFor({ state: 'detached' })
  assert.deepEqual(faults, [])
  await close()
})

test('a press on the axis looks back while the run goes on', async () => {
  const { page, timeline, playground, faults, close } = await running()
  await playground.printed('听歌')
  await badge(page, 'live').waitFor()
  const box = await timeline.boundingBox()
  const birth = await place(page, 'process-0', box.width)
  await page.mouse.click(Math.max(birth.x, box.x + 0.2 * box.width), box.y + 8)
  await badge(page, 'replay').waitFor()
  await playground.button('scrub.live').click()
  await badge(page, 'live').waitFor()
  assert.deepEqual(faults, [])
  await close()
})

test('keys, buttons, wheel and drag move the view; F and 0 bring the whole run back', async () => {
  const { page, playground, timeline, faults, close } = await stopped()
  const whole = await redrawn(page, '')
  const box = await timeline.boundingBox()
  const middle = { x: box.x + 0.6 * box.width, y: box.y + 0.5 * box.height }
  const moves = [
    () => page.keyboard.press('w'),
    () => page.keyboard.press('s'),
    () => page.keyboard.press('d'),
    () => page.keyboard.press('a'),
    () => playground.button('timeline.zoom.in').click(),
    () => playground.button('timeline.right').click(),
    async () => {
      await page.mouse.move(middle.x, middle.y)
      await page.keyboard.down('Control')
      await page.mouse.wheel(0, -120)
      await page.keyboard.up('Control')
    },
    async () => {
      await page.mouse.move(middle.x, middle.y)
      await page.mouse.down()
      await page.mouse.move(middle.x - 80, middle.y, { steps: 4 })
      await page.mouse.up()
    },
  ]
  await timeline.focus()
  let now = whole
  for (const move of moves) {
    await move()
    now = await redrawn(page, now)
  }
  await page.mouse.move(1, 1)
  await timeline.focus()
  await page.keyboard.press('0')
  await page.waitForFunction(before => document.querySelector('process-timeline canvas').toDataURL() === before, whole)
  assert.deepEqual(faults, [])
  await close()
})

test('keys act only while the timeline has the focus', async () => {
  const { page, playground, timeline, faults, close } = await stopped()
  await badge(page, 'end').waitFor()
  await playground.button('run.again').focus()
  await page.keyboard.press(',')
  await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  assert.ok(await badge(page, 'end').isVisible())
  await timeline.focus()
  await page.keyboard.press(',')
  await badge(page, 'replay').waitFor()
  assert.deepEqual(faults, [])
  await close()
})

test('paper shows all lanes, which a screen scrolls through', async () => {
  const { page, faults, close } = await visitor(browser)
  const playground = await Playground.open(page, server.url, 'fork-tree', { params: { forks: 4, life: 0.1 } })
  await playground.run()
  await playground.says('outcome.completed')
  const canvas = page.locator('process-timeline .scroller canvas')
  const height = () => canvas.evaluate(({ style }) => Number.parseFloat(style.height))
  const lanes = await page.locator('process-timeline .lanes').evaluate(({ style }) => Number.parseFloat(style.height))
  const seen = await height()
  assert.ok(seen < lanes, `${seen} of ${lanes} pixels are in sight`)
  await page.evaluate(() => addEventListener('beforeprint', () => {
    const { style } = document.querySelector('process-timeline canvas')
    globalThis.printed = Number.parseFloat(style.height)
  }))
  await page.pdf()
  assert.equal(await page.evaluate(() => globalThis.printed), lanes)
  await page.waitForFunction(before => Number.parseFloat(document.querySelector('process-timeline canvas').style.height) === before, seen)
  assert.deepEqual(faults, [])
  await close()
})
