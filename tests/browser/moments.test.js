/**
 * The timeline's moments: marks, a selected range, links to a moment, the list of keys; by mouse, by keyboard, by fields.
 * One run is made and stopped; all else looks at its recording.
 */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { visitor } from './support/browser.js'
import { Playground } from './support/playground.js'
import { browser, server } from './support/stage.js'
import { sentence } from './support/words.js'

/** The id of a run that has ended. */
let run

before(async () => {
  const { page, close } = await visitor(browser)
  const playground = await Playground.open(page, server.url, 'queue', { params: { timeout: 1, put_period: 0.2 } })
  await playground.run()
  await playground.says('outcome.completed')
  run = new URL(page.url()).searchParams.get('run')
  await close()
})

/** A page that shows the run, as the address asks. */
async function opened(query = '') {
  const { page, faults, close } = await visitor(browser)
  await page.goto(`${server.url}/runs/${run}?lang=en${query}`)
  const playground = new Playground(page, 'en')
  await playground.says('outcome.completed')
  const timeline = page.getByRole('group', { name: sentence('en', 'timeline.title'), exact: true })
  return { page, playground, timeline, faults, close }
}

const words = page => Object.fromEntries(new URL(page.url()).searchParams)
const field = (page, key) => page.getByRole('spinbutton', { name: sentence('en', key) })
const badge = (page, key) => page.locator('run-scrubber').getByText(sentence('en', `scrub.mode.${key}`), { exact: true })

test('a link leads to a part of the time and an event; bad words are said', async () => {
  const { page, faults, close } = await opened('&t=0.25-0.75&event=9&marks=0.5')
  await page.locator('event-table [data-chosen]').waitFor()
  await badge(page, 'replay').waitFor()
  await page.getByRole('button', { name: sentence('en', 'mark.go', { n: 1, time: '0.500 s' }) }).waitFor()
  const view = page.getByRole('slider', { name: sentence('en', 'timeline.window') })
  await page.waitForFunction(node => node.ariaValueText?.startsWith('0.25'), await view.elementHandle())
  assert.deepEqual(words(page), { lang: 'en', t: '0.25-0.75', event: '9', marks: '0.5' })
  await page.goto(`${server.url}/runs/${run}?lang=en&t=abc&event=99999`)
  await page.locator('run-bar').getByText(sentence('en', 'moment.fault.t')).waitFor()
  await page.locator('run-bar').getByText('has only').waitFor()
  assert.deepEqual(faults, [])
  await close()
})

test('zooming writes the address, the whole run takes it away, a link can be copied', async () => {
  const { page, timeline, playground, faults, close } = await opened()
  await timeline.focus()
  await page.keyboard.press('w')
  await page.waitForFunction(() => new URLSearchParams(location.search).has('t'))
  assert.match(words(page).t, /^[\d.]+-[\d.]+$/)
  await page.keyboard.press('m')
  await page.waitForFunction(() => new URLSearchParams(location.search).has('marks'))
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await playground.button('timeline.link').click()
  await playground.button('timeline.link.done').waitFor()
  const link = new URL(await page.evaluate(() => navigator.clipboard.readText()))
  assert.equal(link.pathname, `/runs/${run}`)
  assert.equal(link.searchParams.get('t'), words(page).t)
  await timeline.focus()
  await page.keyboard.press('0')
  await page.waitForFunction(() => !new URLSearchParams(location.search).has('t'))
  assert.deepEqual(faults, [])
  await close()
})

test('a range is selected by drag or by fields, and sums what is in it', async () => {
  const { page, timeline, faults, close } = await opened()
  const box = await timeline.boundingBox()
  await page.keyboard.down('Shift')
  await page.mouse.move(box.x + 0.4 * box.width, box.y + 60)
  await page.mouse.down()
  await page.mouse.move(box.x + 0.6 * box.width, box.y + 60, { steps: 5 })
  await page.mouse.up()
  await page.keyboard.up('Shift')
  await field(page, 'area.from').waitFor()
  const dragged = Number(await field(page, 'area.from').inputValue())
  assert.ok(dragged > 0)
  await field(page, 'area.from').fill('0')
  await field(page, 'area.from').press('Enter')
  await field(page, 'area.to').fill('999')
  await field(page, 'area.to').press('Enter')
  const events = await page.locator('event-table .hint').first().textContent()
  await page.locator('time-notes').getByText(`${/\d+/.exec(events)[0]} events`).waitFor()
  await timeline.focus()
  await page.keyboard.press('Escape')
  await field(page, 'area.from').waitFor({ state: 'hidden' })
  assert.deepEqual(faults, [])
  await close()
})

test('marks are set and removed by keyboard alone, and one can go to them', async () => {
  const { page, timeline, faults, close } = await opened()
  await timeline.focus()
  for (const key of [',', ',', 'm']) await page.keyboard.press(key)
  const go = page.locator('time-notes .marks button').first()
  await go.waitFor()
  await page.keyboard.press('m')
  await go.waitFor({ state: 'detached' })
  await page.keyboard.press('m')
  await page.locator('run-scrubber input[type=range]').press('Digit0')
  await go.focus()
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => new URLSearchParams(location.search).has('marks'))
  const time = Number(words(page).marks).toFixed(2)
  await page.locator('run-scrubber output').getByText(time).waitFor()
  assert.deepEqual(faults, [])
  await close()
})

test('the minimap moves the view by drag and by keys', async () => {
  const { page, timeline, faults, close } = await opened('&t=0-0.5')
  const view = page.getByRole('slider', { name: sentence('en', 'timeline.window') })
  const handle = await view.elementHandle()
  await page.waitForFunction(node => node.ariaValueNow === '0' && node.ariaValueText.includes('0.5'), handle)
  await view.scrollIntoViewIfNeeded()
  const { x, y, width, height } = await view.boundingBox()
  await page.mouse.move(x + width / 2, y + height / 2)
  await page.mouse.down()
  await page.mouse.move(x + width / 2 + 80, y + height / 2, { steps: 4 })
  await page.mouse.up()
  await page.waitForFunction(node => Number(node.ariaValueNow) > 0, handle)
  const before = Number(await view.getAttribute('aria-valuenow'))
  await view.press('ArrowLeft')
  await page.waitForFunction(([node, now]) => Number(node.ariaValueNow) < now, [handle, before])
  await timeline.focus()
  await page.keyboard.press('0')
  await view.waitFor({ state: 'hidden' })
  assert.deepEqual(faults, [])
  await close()
})

test('? lists the keys with what stands on them; / goes to the search', async () => {
  const { page, timeline, playground, faults, close } = await opened()
  await timeline.focus()
  await page.keyboard.press('?')
  const dialog = page.getByRole('dialog', { name: sentence('en', 'help.title') })
  await dialog.getByText(sentence('en', 'help.cause')).waitFor()
  assert.ok(await dialog.getByText('W', { exact: true }).isVisible())
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await playground.button('timeline.help').click()
  await dialog.waitFor()
  await page.keyboard.press('Escape')
  await timeline.focus()
  await page.keyboard.press('/')
  await page.waitForFunction(() => document.activeElement?.matches('event-table input'))
  assert.deepEqual(faults, [])
  await close()
})
