/**
 * Two runs compared: both are real, on one clock, and what the page says of them is what their logs say.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { visitor } from './support/browser.js'
import { coloursDrawn, layoutFaults, smallTargets } from './support/looks.js'
import { Playground } from './support/playground.js'
import { browser, server } from './support/stage.js'
import { pattern, sentence } from './support/words.js'

/** The comparison on a page, in its reader's terms. */
class Twin {
  constructor(page, lang) {
    Object.assign(this, { page, lang })
    this.place = page.getByRole('tabpanel')
    this.word = page.locator('.twin > .verdict')
  }

  button(key, fill) {
    return this.place.getByRole('button', { name: sentence(this.lang, key, fill), exact: true })
  }

  /** A side's part of the stage. */
  side(letter) {
    return this.place.getByRole('region', { name: new RegExp(`^${letter} `) })
  }

  /** Waits until a side is seen so. */
  async seen(letter, mode) {
    await this.side(letter).getByText(sentence(this.lang, `scrub.mode.${mode}`), { exact: true }).waitFor()
  }

  /** The sentence, when both have ended. */
  async verdict() {
    await this.page.locator('.twin > .verdict[data-done]').waitFor()
    return this.word.textContent()
  }

  /** A row of the table: A, B, difference. */
  row(key) {
    const name = sentence(this.lang, `verdict.row.${key}`)
    return this.place.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name, exact: true }) }).getByRole('cell').allTextContents()
  }

  /** The logs of both runs, by HTTP. */
  logs() {
    const query = new URL(this.page.url()).searchParams
    return Promise.all(['twin.a', 'twin.b'].map(async name => {
      const answer = await fetch(`${server.url}/api/runs/${query.get(name)}/events`)
      return (await answer.text()).trim().split('\n').map(line => JSON.parse(line))
    }))
  }
}

/** How long processes waited for results, as the lines of a log say. */
function waitedForResults(events) {
  const of = type => events.filter(event => event.type === type && event.kind === 'task')
  const ends = of('sync.acquired')
  return of('sync.waiting').reduce((sum, { t, object }) => sum + ends.find(end => end.object === object).t - t, 0)
}

/** How many tasks were under way at once, at most, as the lines of a log say. */
function mostAtOnce(events) {
  const steps = { 'task.started': 1, 'task.finished': -1 }
  let [now, most] = [0, 0]
  for (const { type } of events) most = Math.max(most, now += steps[type] ?? 0)
  return most
}

const inSeconds = us => `${(us / 1e6).toFixed(2)} s`

describe('two runs compared', { concurrency: 3 }, () => {
  test('apply and apply_async: the sentence and the numbers are those of the two logs', async () => {
    const { page, faults, close } = await visitor(browser)
    await Playground.open(page, server.url, 'pool', { params: { longest: 0.7, seed: 7 } })
    await page.getByRole('tab', { name: sentence('en', 'experiment.twin') }).click()
    const twin = new Twin(page, 'en')
    await twin.button('compare.run').click()
    await twin.seen('A', 'live')
    await Promise.all([twin.seen('B', 'live'), twin.seen('A', 'replay')])
    const said = await twin.verdict()

    const logs = await twin.logs()
    const heads = logs.map(([head]) => head)
    assert.deepEqual(heads.map(({ params, seed }) => [params.call, params.longest, seed]), [['apply_async', 0.7, 7], ['apply', 0.7, 7]])
    const durations = logs.map(events => events.at(-1).duration_us)
    const waited = waitedForResults(logs[1])
    const many = mostAtOnce(logs[0])
    assert.ok(many > 1, `${many} at once`)
    assert.ok(said.startsWith(sentence('en', 'verdict.slower', { one: 'B', other: 'A', time: inSeconds(durations[1] - durations[0]) })), said)
    assert.ok(said.includes(sentence('en', 'verdict.cause.alone', { one: 'B', other: 'A', many })), said)
    assert.ok(said.includes(sentence('en', 'verdict.cause.results', { one: 'B', time: inSeconds(waited) })), said)
    assert.deepEqual((await twin.row('duration')).slice(0, 2), durations.map(inSeconds))
    assert.deepEqual(await twin.row('atOnce'), [`${many}`, '1', `−${many - 1}`])
    assert.deepEqual(await twin.row('results'), ['0', inSeconds(waited), `+${inSeconds(waited)}`])

    assert.equal(new URL(page.url()).searchParams.has('run'), false, 'the page itself runs nothing')
    await twin.place.getByRole('slider').press('Digit0')
    await twin.seen('A', 'replay')
    await twin.seen('B', 'replay')
    await page.reload()
    assert.equal(await twin.verdict(), said)
    for (const letter of ['A', 'B']) assert.ok(await coloursDrawn(twin.side(letter)) > 5, letter)
    await twin.button('compare.run').waitFor()
    assert.deepEqual(faults, [])
    await close()
  })

  test('a link opens it with its changes, on a phone; both at once are both live', async () => {
    const { page, faults, close } = await visitor(browser, { lang: 'zh', size: 'phone', theme: 'dark' })
    await page.goto(`${server.url}/scenarios/start-methods?lang=zh&stay=1.2&experiment=twin&b.method=fork&b.stay=0.9&twin.order=together`)
    const twin = new Twin(page, 'zh')
    await twin.button('compare.run').click()
    await Promise.all(['A', 'B'].map(letter => twin.seen(letter, 'live')))
    await twin.verdict()
    const [[a], [b]] = await twin.logs()
    assert.deepEqual([a.params.method, a.params.stay, b.params.method, b.params.stay], ['spawn', 1.2, 'fork', 0.9])
    assert.equal(a.seed, b.seed)
    await twin.place.getByText(sentence('zh', 'compare.outputs')).click()
    await twin.place.locator('twin-output').getByText(/m = 2/).first().waitFor()
    assert.deepEqual(await layoutFaults(page), [])
    assert.deepEqual(await smallTargets(page), [])
    assert.deepEqual(faults, [])
    await close()
  })

  test('both are touched, measured and pointed at as one run is: signals, a range with its sums, what belongs together', async () => {
    const { page, faults, close } = await visitor(browser)
    await page.goto(`${server.url}/scenarios/processes?lang=en&listen_period=0.2&experiment=twin&b.listen_period=0.1&twin.order=together`)
    const twin = new Twin(page, 'en')
    await twin.button('compare.run').click()
    await Promise.all(['A', 'B'].map(letter => twin.seen(letter, 'live')))
    await twin.place.getByText(sentence('en', 'compare.outputs')).click()
    const lines = letter => twin.place.locator('twin-output run-output').nth(letter === 'A' ? 0 : 1).locator('li')
    await lines('B').filter({ hasText: '听歌' }).first().waitFor()

    const told = twin.place.locator('signal-bar .word')
    const lane = page.locator('twin-stage process-timeline').nth(1).locator('.scroller canvas')
    await lane.click({ button: 'right', position: { x: 30, y: 75 } })
    await page.getByRole('menuitem', { name: /SIGSTOP/ }).click()
    await told.getByText(/听歌.* is stopped by SIGSTOP/).waitFor()
    const picker = twin.place.getByLabel(sentence('en', 'compare.pick'))
    assert.match(await picker.locator('option:checked').textContent(), /^B · 听歌 · \d+$/)
    await page.locator('twin-stage process-timeline').nth(1).locator('.scroller').press('c')
    await told.getByText(/听歌.* continues after SIGCONT/).waitFor()
    const [eater] = await picker.locator('option').filter({ hasText: 'A · 吃饭' }).allTextContents()
    await picker.selectOption(eater)
    await twin.side('A').locator('.scroller').press('k')
    await told.getByText(/吃饭.* is ended by SIGKILL/).waitFor()

    await twin.button('compare.stop', { side: 'A and B' }).click()
    await twin.verdict()
    await lines('A').filter({ hasText: '听歌' }).first().hover()
    const lit = letter => lines(letter).and(page.locator('[data-lit]'))
    for (const letter of ['A', 'B']) {
      await lit(letter).filter({ hasText: '听歌' }).first().waitFor()
      assert.equal(await lit(letter).filter({ hasText: '吃饭' }).count(), 0, letter)
    }

    await twin.button('timeline.range').click()
    const from = twin.place.getByLabel(sentence('en', 'area.from'))
    const to = twin.place.getByLabel(sentence('en', 'area.to'))
    await from.fill('0.1')
    await to.fill('0.5')
    await to.press('Enter')
    const logs = await twin.logs()
    const touched = type => logs.map(events => events.filter(event => event.type === type && (type !== 'process.exited' || event.signal === 'SIGKILL')).length)
    assert.deepEqual([touched('process.stopped'), touched('process.exited')], [[0, 1], [1, 0]], 'each signal went to its own side')
    const printed = logs.map(events => events.filter(({ type, t }) => type === 'output' && t >= 100_000 && t <= 500_000).length)
    const cells = await twin.place.locator('twin-range').getByRole('row').filter({ hasText: sentence('en', 'verdict.row.lines') }).getByRole('cell').allTextContents()
    assert.deepEqual(cells.slice(0, 2), printed.map(String))
    assert.ok(printed.some(lines => lines > 0), 'something was printed then')
    assert.deepEqual(await layoutFaults(page), [])
    await page.waitForURL(/twin\.range=0\.1-0\.5/)
    await page.reload()
    await twin.verdict()
    assert.deepEqual([await from.inputValue(), await to.inputValue()], ['0.1', '0.5'], 'a link leads to the same range')
    await twin.button('area.clear').click()
    await twin.place.locator('twin-range').waitFor({ state: 'hidden' })
    assert.deepEqual(faults, [])
    await close()
  })

  test('by keyboard: what never ends is stopped, and then it is the other’s turn; closing gives the focus back', async () => {
    const { page, faults, close } = await visitor(browser)
    await Playground.open(page, server.url, 'processes')
    const tab = page.getByRole('tab', { name: sentence('en', 'experiment.twin') })
    await tab.focus()
    await page.keyboard.press('Enter')
    const twin = new Twin(page, 'en')
    await twin.button('compare.run').press('Enter')
    await twin.seen('A', 'live')
    await twin.place.getByText(sentence('en', 'compare.running.a')).waitFor()
    await twin.button('compare.stop', { side: 'A' }).press('Enter')
    await twin.seen('B', 'live')
    await twin.button('compare.stop', { side: 'B' }).press('Enter')
    await twin.verdict()
    await twin.side('A').getByText(pattern('en', 'outcome.stopped')).waitFor()
    await page.getByRole('button', { name: sentence('en', 'experiment.close'), exact: true }).press('Enter')
    assert.equal(await tab.evaluate(node => node === document.activeElement), true)
    assert.equal(new URL(page.url()).searchParams.has('experiment'), false)
    assert.deepEqual(faults, [])
    await close()
  })
})
