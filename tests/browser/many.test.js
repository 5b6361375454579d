/**
 * Many runs of one scenario: a sweep with its curve, and the same run again and again.
 * What the page says is held against the logs that the server has.
 */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { describe, test } from 'node:test'
import { visitor } from './support/browser.js'
import { layoutFaults, smallTargets } from './support/looks.js'
import { browser, server } from './support/stage.js'
import { pattern, sentence } from './support/words.js'

const folder = new URL('./screenshots/', import.meta.url)

mkdirSync(folder, { recursive: true })

/** A page on which an experiment is open. */
async function opened(kind, scenario, words, as = {}) {
  const { page, faults, close } = await visitor(browser, as)
  const query = new URLSearchParams({ lang: as.lang ?? 'en', experiment: kind, ...words })
  await page.goto(`${server.url}/scenarios/${scenario}?${query}`)
  const panel = page.locator(`${kind}-panel`)
  await panel.waitFor()
  return { page, panel, faults, close }
}

/** The log of a run. */
async function log(run) {
  const answer = await fetch(`${server.url}/api/runs/${run}/events`)
  return (await answer.text()).trim().split('\n').map(line => JSON.parse(line))
}

/** The run that the page shows, once its address says so. */
async function shown(page, before) {
  await page.waitForURL(url => (url.searchParams.get('run') ?? before) !== before)
  return new URL(page.url()).searchParams.get('run')
}

describe('a sweep', () => {
  const QUICK = { tasks: 4, longest: 0.2, seed: 7, 'range.of': 'size', 'range.from': 1, 'range.to': 3, 'range.step': 1 }

  test('is run one after another, and its curve is what the logs say', async () => {
    const { page, panel, faults, close } = await opened('sweep', 'pool', QUICK)
    await panel.getByRole('button', { name: sentence('en', 'series.start', { n: 3 }) }).click()
    await panel.getByText(sentence('en', 'series.done', { n: 3 })).waitFor()
    const points = panel.locator('curve-chart [role=button]')
    assert.equal(await points.count(), 3)
    let run = null
    for (const size of [1, 2, 3]) {
      await points.nth(size - 1).click()
      run = await shown(page, run)
      const events = await log(run)
      assert.deepEqual([events[0].params.size, events[0].seed, events.at(-1).processes.started], [size, 7, size + 1])
      const words = await points.nth(size - 1).getAttribute('aria-label')
      const told = (events.at(-1).duration_us / 1e6).toFixed(2)
      assert.match(words, pattern('en', 'curve.point', { value: `Workers, Pool(n): ${size}`, quantity: 'Total time' }))
      assert.ok(words.includes(`${told} s`) || words.includes(`${(events.at(-1).duration_us / 1e3).toFixed(1)} ms`), `${words}: ${told}`)
    }
    await panel.getByText(pattern('en', 'curve.bend.follows')).or(panel.getByText(pattern('en', 'curve.bend.breaks'))).first().waitFor()
    await page.locator('process-tree').getByText('ForkPoolWorker-3').first().waitFor()
    assert.deepEqual(faults, [])
    await close()
  })

  test('has a table that says the same, other quantities, and keys', async () => {
    const { page, panel, faults, close } = await opened('sweep', 'pool', { ...QUICK, 'range.by': 'processes' })
    await panel.getByRole('button', { name: sentence('en', 'series.start', { n: 3 }) }).click()
    await panel.getByText(sentence('en', 'series.done', { n: 3 })).waitFor()
    await panel.getByText(sentence('en', 'curve.table')).click()
    const cells = await panel.locator('tbody tr').evaluateAll(rows => rows.map(row => [...row.cells].slice(0, 2).map(cell => cell.textContent)))
    assert.deepEqual(cells, [['1', '2'], ['2', '3'], ['3', '4']])
    await panel.getByText(pattern('en', 'curve.shape.rises', { quantity: 'Processes', first: 2, from: 1, last: 4, to: 3 })).waitFor()
    await panel.locator('curve-chart [role=button]').first().focus()
    await page.keyboard.press('ArrowRight')
    await panel.locator('.readout').getByText(pattern('en', 'curve.point', { value: 'Workers, Pool(n): 2', amount: 3 })).waitFor()
    await page.keyboard.press('Enter')
    assert.equal((await log(await shown(page, null)))[0].params.size, 2)
    await panel.getByRole('button', { name: sentence('en', 'curve.quantity.memory') }).click()
    await panel.locator('curve-chart .readout').getByText('MiB').waitFor()
    assert.deepEqual(faults, [])
    await close()
  })

  test('that is too long says what is wrong, in the form, and does not begin', async () => {
    const { panel, faults, close } = await opened('sweep', 'pool', { ...QUICK, 'range.to': 16 })
    await panel.getByText(sentence('en', 'curve.fault.many', { n: 16, max: 12 })).waitFor()
    assert.ok(await panel.getByRole('button', { name: sentence('en', 'series.start', { n: 0 }) }).isDisabled())
    assert.deepEqual(faults, [])
    await close()
  })

  test('of a scenario that measures its own curve needs one run, and shows the ideal beside it: zh, phone', async () => {
    const { page, panel, faults, close } = await opened('sweep', 'speedup', { seconds: 0.1, 'range.to': 3 }, { lang: 'zh', size: 'phone', theme: 'dark' })
    await panel.getByRole('button', { name: sentence('zh', 'series.start', { n: 1 }) }).click()
    await panel.getByText(sentence('zh', 'series.done.one')).waitFor()
    assert.equal(await panel.locator('curve-chart [role=button]').count(), 3)
    await panel.locator('.legend').getByText(sentence('zh', 'curve.ideal')).waitFor()
    await panel.locator('curve-chart [role=button]').first().click()
    const events = await log(await shown(page, null))
    const times = events.findLast(event => event.type === 'variable.set' && event.name === 'times').value
    await panel.getByText(sentence('zh', 'curve.table')).click()
    const cells = await panel.locator('tbody tr').evaluateAll(rows => rows.map(row => parseFloat(row.cells[1].textContent)))
    // Shown are hundredths of a second, or milliseconds: 0.125 stands as 0.13, so off by half of one at most.
    cells.map(number => (number > 10 ? number / 1000 : number)).forEach((number, at) => assert.ok(Math.abs(number - times[at]) < 0.00501, `${number} ${times[at]}`))
    await looks(page, 'sweep')
    assert.deepEqual(faults, [])
    await close()
  })
})

describe('the same run many times', () => {
  const QUICK = { times: 4, gap: 0.01, every: 0.01, 'many.runs': 10 }

  test('shows what a shared counter ended at, as the logs say, and opens any of the runs', async () => {
    const { page, panel, faults, close } = await opened('repeat', 'race', { ...QUICK, 'many.by': 'values' })
    await panel.getByRole('button', { name: sentence('en', 'series.start', { n: 10 }) }).click()
    await panel.getByText(sentence('en', 'series.done', { n: 10 })).waitFor()
    const all = await panel.locator('order-list .row').evaluateAll(all => all.map(row => ({ run: row.dataset.run, value: row.querySelector('.value').textContent, times: parseInt(row.querySelector('.times').textContent) })))
    const rows = all.filter(({ run }) => run)
    assert.equal(rows.reduce((total, { times }) => total + times, 0), 10)
    const seeds = new Set()
    for (const { run, value } of rows) {
      const events = await log(run)
      seeds.add(events[0].seed)
      assert.equal(String(events.findLast(event => event.type === 'variable.set' && event.name === 'n').value), value)
    }
    assert.equal(seeds.size, 1, 'all have one seed')
    await panel.getByText(pattern('en', 'orders.seed.same', { seed: [...seeds][0] })).waitFor()
    await panel.locator('order-list button.row').first().click()
    assert.equal(await shown(page, null), rows[0].run)
    await page.locator('run-output').getByText(`计数器上是 ${rows[0].value}`).first().waitFor({ state: 'attached' })
    assert.deepEqual(faults, [])
    await close()
  })

  test('groups the orders of a pool: zh, phone', async () => {
    const { page, panel, faults, close } = await opened('repeat', 'pool', { tasks: 3, size: 3, longest: 0.02, 'many.runs': 10, 'many.seed': 'fresh' }, { lang: 'zh', size: 'phone' })
    await panel.getByRole('button', { name: sentence('zh', 'series.start', { n: 10 }) }).click()
    await panel.getByText(sentence('zh', 'series.done', { n: 10 })).waitFor()
    for (const question of ['lines', 'tasks', 'shares', 'exits', 'durations']) {
      await panel.getByRole('button', { name: sentence('zh', `orders.by.${question}`), exact: true }).click()
      const more = panel.getByRole('button', { name: pattern('zh', 'orders.more') })
      if (await more.isVisible()) await more.click()
      const times = await panel.locator('order-list .times').allTextContents()
      assert.equal(times.reduce((total, words) => total + parseInt(words), 0), 10, question)
    }
    await panel.getByText(sentence('zh', 'orders.seed.fresh')).waitFor()
    await looks(page, 'repeat')
    assert.deepEqual(faults, [])
    await close()
  })

  test('can be stopped', async () => {
    const { panel, faults, close } = await opened('repeat', 'processes', {})
    await panel.getByRole('button', { name: sentence('en', 'series.start', { n: 30 }) }).click()
    await panel.getByText(pattern('en', 'series.running', { place: 1, total: 30 })).waitFor()
    await panel.getByRole('button', { name: sentence('en', 'run.stop') }).click()
    await panel.getByText(sentence('en', 'series.stopped', { done: 0, total: 30 })).waitFor()
    assert.deepEqual(faults, [])
    await close()
  })
})

/** Nothing is cut off, covered or too small; the picture is kept to be looked at. */
async function looks(page, name) {
  await page.screenshot({ path: new URL(`many-${name}.png`, folder).pathname, fullPage: true })
  assert.deepEqual(await layoutFaults(page), [])
  assert.deepEqual(await smallTargets(page), [])
}
