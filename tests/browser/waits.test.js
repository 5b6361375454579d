/**
 * What is told around a run beside what happens in it: who waits for ever, which
 * program ran, and whether the reader had guessed right.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { visitor } from './support/browser.js'
import { layoutFaults } from './support/looks.js'
import { browser, server } from './support/own.js'
import { Playground } from './support/playground.js'
import { pattern, sentence } from './support/words.js'

describe('who waits for ever', () => {
  /** The consumer leaves too early: the queue is full, and nobody will ever take from it. */
  const HOPELESS = { capacity: 1, items: 3, put_period: 0.2, timeout: 0.1 }

  for (const [lang, size, theme] of [['en', 'laptop', 'light'], ['zh', 'phone', 'dark']]) {
    test(`is told in words while it lasts, and after the end: ${lang}, ${size}`, async () => {
      const { page, faults, close } = await visitor(browser, { lang, size, theme })
      const playground = await Playground.open(page, server.url, 'queue', { lang, params: HOPELESS })
      await playground.run()
      const told = page.locator('stuck-panel').getByRole('region')
      await told.getByText(sentence(lang, 'stuck.abandoned')).waitFor()
      await told.getByText(sentence(lang, 'wait.put', { queue: 'Queue-1' })).waitFor()
      await told.getByText(sentence(lang, 'wait.process', { whom: 'download-1' })).waitFor()
      assert.deepEqual(await layoutFaults(page), [])
      await playground.stop()
      await told.getByText(pattern(lang, 'stuck.until')).waitFor()
      await told.getByRole('button').first().click()
      await playground.row('download-1').and(page.locator('[aria-selected=true]')).waitFor()
      assert.deepEqual(faults, [])
      await close()
    })
  }

  test('both ends of a pipe send, and nobody receives: a deadlock, though there is no lock', async () => {
    const { page, faults, close } = await visitor(browser, { lang: 'zh' })
    const playground = await Playground.open(page, server.url, 'pipe', { lang: 'zh', params: { kib: 512, flying: 2, balls: 3, pause: 0 } })
    await playground.run()
    const told = page.locator('stuck-panel').getByRole('region')
    await told.getByText(sentence('zh', 'stuck.deadlock')).waitFor()
    const sends = whom => sentence('zh', 'wait.pipe.send', { what: 'Pipe-1', whom })
    await told.locator('li', { hasText: 'MainProcess' }).getByText(sends('小明')).waitFor()
    await told.locator('li', { hasText: '小明' }).getByText(sends('MainProcess')).waitFor()
    await playground.stop()
    assert.deepEqual(faults, [])
    await close()
  })

  test('is found in a program of an operator that nobody prepared: a deadlock, and a wait for nothing', async () => {
    const { page, faults, close } = await visitor(browser)
    const playground = await Playground.open(page, server.url, 'two-locks')
    await playground.run()
    const told = page.locator('stuck-panel').getByRole('region')
    await told.getByText(sentence('en', 'stuck.deadlock')).waitFor()
    const held = (name, whom) => sentence('en', 'wait.held', { what: sentence('en', 'object.lock', { name }), whom })
    await told.locator('li', { hasText: 'P1' }).getByText(held('b', 'P2')).waitFor()
    await told.locator('li', { hasText: 'P2' }).getByText(held('a', 'P1')).waitFor()
    await told.locator('li', { hasText: 'MainProcess' }).getByText(sentence('en', 'wait.process', { whom: 'P1' })).waitFor()
    await told.locator('li', { hasText: 'P3' }).getByText(sentence('en', 'wait.get', { queue: 'Queue-1' })).waitFor()
    await playground.stop()
    assert.deepEqual(faults, [])
    await close()
  })

  test('is not told of the moments before', async () => {
    const { page, close } = await visitor(browser)
    const playground = await Playground.open(page, server.url, 'queue', { params: HOPELESS })
    await playground.run()
    await page.locator('stuck-panel section').waitFor()
    await playground.button('scrub.start').click()
    await page.locator('stuck-panel section').waitFor({ state: 'detached' })
    await playground.button('scrub.live').click()
    await page.locator('stuck-panel section').waitFor()
    await playground.stop()
    await close()
  })

  test('is told of nobody where all goes well', async () => {
    const { page, close } = await visitor(browser)
    const playground = await Playground.open(page, server.url, 'pool', { params: { longest: 0.8, seed: 7 } })
    await page.evaluate(() => {
      globalThis.alarms = []
      const panel = document.querySelector('stuck-panel')
      new MutationObserver(() => globalThis.alarms.push(panel.textContent)).observe(panel, { childList: true, subtree: true })
    })
    await playground.run()
    await playground.says('outcome.completed')
    assert.deepEqual(await page.evaluate(() => globalThis.alarms.filter(text => text !== '')), [])
    await close()
  })
})

test('the twin in Python is chosen, run, and said to have run', async () => {
  const { page, faults, close } = await visitor(browser)
  const pool = (await server.cards('en')).find(({ id }) => id === 'pool')
  assert.ok(pool.runtimes.includes('python'), 'this test needs CPython 3.9 or newer')
  const playground = await Playground.open(page, server.url, 'pool', { params: { longest: 0.2, tasks: 3 } })
  await page.getByRole('radiogroup', { name: sentence('en', 'controls.runtime'), exact: true }).getByRole('radio', { name: 'Python' }).check()
  await page.waitForURL(url => url.searchParams.get('runtime') === 'python')
  await page.locator('source-view').getByText('from multiprocessing import Pool').waitFor()
  await playground.run()
  await playground.says('outcome.completed')
  await playground.says('run.runtime', { runtime: 'Python' })
  await page.reload()
  await playground.says('run.runtime', { runtime: 'Python' })
  assert.deepEqual(faults, [])
  await close()
})

test('a runtime in the address that there is not is told, and the first one runs', async () => {
  const { page, close } = await visitor(browser)
  const playground = await Playground.open(page, server.url, 'pool', { params: { runtime: 'cobol' } })
  await playground.says('controls.fault.address', { name: 'runtime' })
  await playground.run()
  await close()
})

describe('the question before the run', () => {
  /** Presses Run once more and waits until that run, and no former one, has ended. */
  async function runs(playground) {
    const { page } = playground
    const runOf = url => url.searchParams.get('run')
    const before = runOf(new URL(page.url()))
    await page.keyboard.press('Control+Enter')
    await page.waitForURL(url => ![null, before].includes(runOf(url)))
    await page.evaluate(() => new Promise(shown => requestAnimationFrame(shown)))
    await playground.says('outcome.completed')
  }

  test('is graded by the log; a change of the parameters asks anew; who does not guess is told all the same', async () => {
    const { page, faults, close } = await visitor(browser)
    const playground = await Playground.open(page, server.url, 'fork-tree', { params: { forks: 2, life: 0.1 } })
    const card = page.locator('predict-card')
    const [guess, grade] = [card.getByRole('spinbutton'), card.getByRole('status')]
    await guess.fill('3')
    await runs(playground)
    await grade.getByText(sentence('en', 'predict.wrong', { guess: 3, answer: 4 })).waitFor()
    await page.getByRole('button', { name: /: more$/ }).first().click()
    await grade.waitFor({ state: 'hidden' })
    assert.equal(await guess.inputValue(), '')
    await guess.fill('8')
    await runs(playground)
    await grade.getByText(sentence('en', 'predict.right', { answer: 8 })).waitFor()
    await guess.fill('')
    await runs(playground)
    await grade.getByText(sentence('en', 'predict.skipped', { answer: 8 })).waitFor()
    assert.deepEqual(faults, [])
    await close()
  })

  test('may have answers to choose from', async () => {
    const { page, faults, close } = await visitor(browser, { lang: 'zh' })
    const playground = await Playground.open(page, server.url, 'orphan', { lang: 'zh' })
    const card = page.locator('predict-card')
    await card.getByRole('button').first().click()
    await card.locator('[aria-pressed=true]').waitFor()
    await runs(playground)
    await card.locator('[data-answer]').waitFor()
    assert.match(await card.getByRole('status').textContent(), pattern('zh', 'predict.wrong'))
    assert.deepEqual(faults, [])
    await close()
  })
})
