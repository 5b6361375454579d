/**
 * What the page tells beyond its picture: the keys as they stand on the reader's own keyboard, what was cut and where,
 * and the page as a screen reader has it.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { visitor } from './support/browser.js'
import { coloursDrawn } from './support/looks.js'
import { browser, server } from './support/own.js'
import { Playground } from './support/playground.js'
import { pattern, sentence } from './support/words.js'

/** What a browser on a French keyboard tells of it. */
const AZERTY = [['KeyA', 'q'], ['KeyQ', 'a'], ['KeyW', 'z'], ['KeyZ', 'w'], ['KeyS', 's'], ['KeyD', 'd'], ['KeyM', ','], ['Comma', ';'], ['Period', ':'], ['Digit0', 'à']]

test('? shows the keys as they stand on a French keyboard, and the keys do what it says', async () => {
  const { page, faults, close } = await visitor(browser)
  await page.addInitScript(caps => {
    Object.defineProperty(navigator, 'keyboard', { value: { getLayoutMap: async () => new Map(caps) } })
  }, AZERTY)
  const playground = await Playground.open(page, server.url, 'pool')
  await page.locator('body[data-mode=replay]').waitFor()
  await page.locator('#time process-timeline .scroller').focus()
  await page.keyboard.press('Shift+Slash')
  const help = page.getByRole('dialog', { name: sentence('en', 'help.title') })
  const keys = async words => help.locator('dl > div').filter({ has: page.getByText(sentence('en', words), { exact: true }) }).first().locator('kbd').allTextContents()
  await help.waitFor()
  assert.deepEqual(await keys('help.zoom'), ['Z', 'S', '+', '−'])
  assert.deepEqual((await keys('help.pan')).slice(0, 2), ['Q', 'D'])
  assert.deepEqual(await keys('help.step'), [';', ':'])
  assert.deepEqual(await keys('help.mark'), [','])
  assert.deepEqual(await keys('help.fit'), ['0'])
  await page.keyboard.press('Escape')
  await help.waitFor({ state: 'hidden' })
  // What says Z there stands where W stands here, and zooms.
  await page.keyboard.press('KeyW')
  await playground.becomes(() => new URLSearchParams(location.search).has('t'))
  assert.deepEqual(faults, [])
  await close()
})

test('who prints too much is cut short, which is said where the run is told, below the lines and at its last one, and on the lane', async () => {
  const { page, faults, close } = await visitor(browser)
  const playground = await Playground.open(page, server.url, 'flood')
  await playground.run()
  await playground.says('outcome.completed')
  const events = (await (await fetch(`${server.url}/api/runs/${new URL(page.url()).searchParams.get('run')}/events`)).text()).trim().split('\n').map(line => JSON.parse(line))
  const [cut] = events.filter(({ type, what }) => type === 'run.truncated' && what === 'output').slice(-1)
  assert.ok(cut.dropped > 1000)
  await playground.says('run.truncated.output', { n: cut.dropped })
  const below = page.locator('run-output .cut')
  await below.getByText(sentence('en', 'run.truncated.output', { n: cut.dropped })).waitFor()
  const filter = page.locator('output-filter select')
  const of = async name => filter.selectOption(await filter.locator('option').filter({ hasText: name }).first().getAttribute('value'))
  const last = page.locator('run-output li').filter({ has: page.locator('[data-cut]') })
  assert.match(await last.textContent(), /^[\d.]+\d+ la /, 'the last line that is left says that more is left out')
  assert.equal(await last.locator('.said').evaluate(said => getComputedStyle(said, '::after').content.includes(said.dataset.cut)), true)
  assert.equal(await last.locator('.said').getAttribute('data-cut'), sentence('en', 'timeline.cut'))
  await of('Quiet')
  await below.waitFor({ state: 'hidden' })
  await of('Chatter')
  await below.waitFor()

  // On its lane: pointed at, the place says what happened there.
  const lane = page.locator('#time process-timeline .scroller canvas')
  assert.ok(await coloursDrawn(page.locator('#time process-timeline .scroller')) > 5)
  const { width, height } = await lane.boundingBox()
  const note = page.locator('#time process-timeline > .note')
  const isCut = async (x, y) => {
    await lane.hover({ position: { x, y } })
    // What is under the pointer is said with the frame that is painted for it.
    await page.evaluate(() => new Promise(painted => requestAnimationFrame(() => requestAnimationFrame(painted))))
    return pattern('en', 'event.run.truncated.output').test(await note.textContent())
  }
  const places = Array.from({ length: Math.floor(height / 12) }, (_, row) => Array.from({ length: Math.floor(width / 20) }, (_, column) => [column * 20, row * 12])).flat()
  let isFound = false
  for (const [x, y] of places.filter(([x, y]) => x > 150 && y > 30)) isFound ||= await isCut(x, y)
  assert.ok(isFound, 'pointed at, the place on the lane says that it was cut')
  assert.deepEqual(faults, [])
  await close()
})

/** What one can do something with; each of them must say what it is. */
const ACTIVE = new Set(['button', 'link', 'textbox', 'searchbox', 'combobox', 'spinbutton', 'slider', 'switch', 'radio', 'checkbox', 'tab', 'treeitem', 'menuitem', 'option'])
/** What a reader jumps to. */
const PLACES = new Set(['navigation', 'region', 'tree', 'treegrid', 'table', 'grid', 'tablist', 'dialog', 'radiogroup'])

/** What is read by its content when it has the focus. */
const READ = new Set(['RootWebArea', 'listitem'])

/** The page as assistive technology has it. */
async function accessible(page) {
  const session = await page.context().newCDPSession(page)
  const { nodes } = await session.send('Accessibility.getFullAXTree')
  const property = (node, name) => node.properties?.find(one => one.name === name)?.value.value
  return nodes.filter(({ ignored }) => !ignored).map(node => ({
    role: node.role?.value, name: (node.name?.value ?? '').trim(), live: property(node, 'live'), canFocus: property(node, 'focusable') === true,
  }))
}

for (const [lang, size] of [['en', 'laptop'], ['zh', 'phone']]) {
  test(`a screen reader during a run: all that can be reached has a name, nothing shouts, and news come two seconds apart: ${lang}, ${size}`, async () => {
    const { page, faults, close } = await visitor(browser, { lang, size })
    const playground = await Playground.open(page, server.url, 'processes', { lang, params: { listen_period: 0.1, eat_period: 0.1 } })
    await page.evaluate(() => {
      window.said = []
      const regions = () => document.querySelectorAll('[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]')
      for (const region of regions()) {
        new MutationObserver(() => window.said.push({ t: performance.now(), words: region.textContent.trim(), id: region.id || region.parentElement.localName })).observe(region, { childList: true, characterData: true, subtree: true })
      }
    })
    await playground.run()
    await playground.becomes(() => window.said.filter(({ id }) => id === 'announcer').length >= 3)
    const nodes = await accessible(page)
    const nameless = nodes.filter(({ role, name, canFocus }) => name === '' && (ACTIVE.has(role) || PLACES.has(role) || (canFocus && !READ.has(role))))
    assert.deepEqual(nameless, [])
    assert.equal(nodes.filter(({ role }) => role === 'main').length, 1)
    assert.deepEqual(nodes.filter(({ live }) => live === 'assertive'), [])
    const rows = nodes.filter(({ role }) => role === 'treeitem').map(({ name }) => name)
    if (size === 'laptop') for (const name of ['MainProcess', '听歌', '吃饭']) assert.ok(rows.some(row => row.includes(name)), `${name} in ${rows}`)

    const said = await page.evaluate(() => window.said)
    const times = said.filter(({ words }) => words !== '').map(({ t }) => t)
    const gaps = times.slice(1).map((t, place) => t - times[place])
    assert.ok(Math.min(...gaps) >= 1900, JSON.stringify(said))
    await playground.stop()
    assert.deepEqual(faults, [])
    await close()
  })
}
