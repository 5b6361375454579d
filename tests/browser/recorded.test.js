/**
 * Before anything is pressed: the recorded run, what is said of it, and what it never is. And without scripts: its
 * picture and its words.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SIZES, visitor } from './support/browser.js'
import { layoutFaults } from './support/looks.js'
import { Playground } from './support/playground.js'
import { browser, server } from './support/stage.js'
import { pattern, sentence } from './support/words.js'

/** Waits for the recorded run; the mode of the page. */
async function recorded(playground) {
  await playground.says('run.recorded')
  return playground.page.evaluate(() => document.body.dataset.mode)
}

/** The events of a scenario's recording. */
async function recording(id) {
  const text = await (await fetch(`${server.url}/api/scenarios/${id}/recording`)).text()
  return text.trim().split('\n').map(line => JSON.parse(line))
}

describe('the recorded run', () => {
  for (const lang of ['zh', 'en']) {
    test(`fills the views at once, marked as a replay, and plays: ${lang}`, async () => {
      const { page, faults, close } = await visitor(browser, { lang })
      const playground = await Playground.open(page, server.url, 'pool', { lang })
      assert.equal(await recorded(playground), 'replay')
      await page.locator('run-scrubber').getByText(sentence(lang, 'scrub.mode.replay'), { exact: true }).waitFor()
      assert.deepEqual(await playground.counts(), [6, 6, 6])
      assert.equal(await playground.rows.count(), 7, 'the supervisor, the main process and five workers')
      await playground.printed('over!!!')
      assert.ok(!page.url().includes('run='), 'it is no run of the address')
      await page.getByRole('combobox', { name: sentence(lang, 'scrub.speed') }).selectOption('0.1')
      await playground.button('scrub.play').click()
      await playground.becomes(() => ![...document.querySelectorAll('run-output li')].some(line => line.textContent.includes('over!!!')))
      await playground.button('scrub.end').click()
      await playground.printed('over!!!')
      assert.equal(await page.evaluate(() => document.body.dataset.mode), 'replay', 'at its end, too')
      assert.deepEqual(faults, [])
      await close()
    })
  }

  test('gives way to the run of the reader, which is live and graded', async () => {
    const { page, faults, close } = await visitor(browser)
    const playground = await Playground.open(page, server.url, 'pool', { params: { tasks: 2, longest: 0.3 } })
    await recorded(playground)
    const card = page.locator('predict-card')
    await card.getByRole('spinbutton').fill('2')
    assert.equal(await card.locator('.grade').isVisible(), false, 'the recording answers no question')
    const [{ run: old }] = await recording('pool')
    await playground.run()
    await playground.says('outcome.completed')
    assert.notEqual(new URL(page.url()).searchParams.get('run'), old)
    await card.getByText(pattern('en', 'predict.right', { answer: '2' })).waitFor()
    assert.ok(!(await playground.status.innerText()).includes(sentence('en', 'run.recorded', { time: '' })))
    assert.deepEqual(faults, [])
    await close()
  })

  test('leaves the controls as the address has them, and says what it was made with', async () => {
    const { page, close } = await visitor(browser)
    const playground = await Playground.open(page, server.url, 'pool', { params: { size: 2 } })
    await recorded(playground)
    assert.equal(await page.locator('#param-size').inputValue(), '2')
    const pool = (await server.cards('en')).find(({ id }) => id === 'pool')
    const [{ params }] = await recording('pool')
    await playground.status.getByText(`${pool.params.properties.size.title}: ${params.size}`).waitFor()
    await close()
  })

  test('takes no signals', async () => {
    const { page, close } = await visitor(browser)
    const playground = await Playground.open(page, server.url, 'zombie')
    await recorded(playground)
    await playground.select('MainProcess')
    assert.equal(await page.locator('signal-bar').isVisible(), false)
    await close()
  })

  test('does not come over a run that the address names', async () => {
    const { page, close } = await visitor(browser)
    const playground = await Playground.open(page, server.url, 'pool', { params: { tasks: 1, longest: 0 } })
    await playground.run()
    await playground.says('outcome.completed')
    await page.reload()
    await playground.says('outcome.completed')
    assert.equal(await page.evaluate(() => document.body.dataset.mode), 'finished')
    await close()
  })
})

describe('without scripts', () => {
  for (const [size, lang, theme] of [['phone', 'zh', 'light'], ['laptop', 'en', 'dark']]) {
    test(`there are the picture, the processes and what they printed: ${size}, ${lang}`, async () => {
      const context = await browser.newContext({ javaScriptEnabled: false, viewport: SIZES[size], colorScheme: theme })
      const page = await context.newPage()
      await page.goto(`${server.url}/scenarios/pool?lang=${lang}`)
      const still = page.locator('.still')
      await still.getByRole('heading', { name: sentence(lang, 'still.title') }).waitFor()
      const picture = still.getByRole('img')
      assert.match(await picture.getAttribute('alt'), /MainProcess.*ForkPoolWorker-5/)
      await picture.scrollIntoViewIfNeeded()
      const { width, height } = await picture.boundingBox()
      assert.ok(width >= 300 && height > width / 3, `${width} × ${height}`)
      await still.getByText('over!!!').waitFor()
      assert.equal(await still.locator('.family li').count(), 6)
      assert.ok(await page.locator('.work').isHidden(), 'no empty views')
      await page.screenshot({ path: `screenshots/still-${size}-${lang}-${theme}.png`, fullPage: true })
      await context.close()
    })
  }

  test('every picture is one, and with scripts none is asked for', async () => {
    const { page, faults, close } = await visitor(browser)
    const asked = []
    page.on('request', request => asked.push(new URL(request.url()).pathname))
    await recorded(await Playground.open(page, server.url, 'pool'))
    assert.deepEqual(asked.filter(path => path.endsWith('poster.svg')), [])
    assert.equal(await page.locator('.still').isVisible(), false)
    assert.deepEqual(await layoutFaults(page), [])
    await page.goto(`${server.url}/`)
    const broken = await page.evaluate(async ids => {
      const load = id => new Promise(done => {
        const image = new Image()
        image.onload = () => done(image.naturalWidth === 400 ? null : id)
        image.onerror = () => done(id)
        image.src = `/api/scenarios/${id}/poster.svg?lang=zh`
      })
      return (await Promise.all(ids.map(load))).filter(id => id !== null)
    }, (await server.cards('en')).map(({ id }) => id))
    assert.deepEqual(broken, [])
    assert.deepEqual(faults, [])
    await close()
  })
})
