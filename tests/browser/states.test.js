/**
 * What a page looks like when it is not all well: in the line, out of reach, gone, ended by a limit, refused, without Python.
 * Each is told in words where the eye is, fits the screen, and has nothing against it from axe.
 */
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { barriers } from './support/axe.js'
import { launch, visitor } from './support/browser.js'
import { layoutFaults } from './support/looks.js'
import { Playground } from './support/playground.js'
import { Server } from './support/server.js'
import { pattern, sentence } from './support/words.js'

/** Where pictures go, to be looked at. */
const folder = new URL('./screenshots/', import.meta.url)

let browser

before(async () => {
  await mkdir(folder, { recursive: true })
  browser = await launch()
})

after(async () => {
  await browser?.close()
})

/** A page of a server of its own; what `look` does there is looked at when it is done, and wherever it says so. */
async function scene(name, { size, lang, theme, flags = [] }, look) {
  const server = await Server.start('127.0.0.1:0', ...flags)
  const { page, close } = await visitor(browser, { size, lang, theme, more: { reducedMotion: 'reduce' } })
  try {
    const open = (scenario, params) => Playground.open(page, server.url, scenario, { lang, params })
    let number = 0
    const picture = async () => {
      number += 1
      await page.screenshot({ path: new URL(`state-${name}-${number}.png`, folder).pathname })
      assert.deepEqual(await layoutFaults(page), [])
      assert.deepEqual(await barriers(page), [])
    }
    await look({ page, server, open, picture })
    await picture()
  } finally {
    await close()
    await server.stop()
  }
}

/** Where the picture will be. */
const stage = page => page.locator('#timeline-empty')

/** Starts a run as another visitor does. */
async function elsewhere(server, scenario) {
  const answer = await fetch(`${server.url}/api/runs`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ scenario }) })
  assert.equal(answer.status, 201)
}

/** Whether what stands there is the recorded run, whole and called so. */
async function isRecording(page, playground) {
  await page.locator('body[data-mode=replay]').waitFor()
  assert.equal(await page.locator('run-scrubber .badge').textContent(), sentence(playground.lang, 'scrub.mode.replay'))
  assert.ok(await playground.rows.count() >= 3)
}

test('in the line: how many come before, that it begins by itself, and the recording when one gives up', async () => {
  await scene('line', { size: 'phone', lang: 'zh', theme: 'light', flags: ['--max-runs', '1'] }, async ({ page, server, open, picture }) => {
    for (const scenario of ['processes', 'pool', 'pool']) await elsewhere(server, scenario)
    const playground = await open('exit-codes')
    await page.locator('body[data-mode=replay]').waitFor()
    await playground.button('run.run').click()
    await playground.says('run.queued')
    await stage(page).getByText(pattern('zh', 'empty.queued', { n: 2 })).waitFor()
    await stage(page).getByText(sentence('zh', 'empty.queued.hint')).waitFor()
    await picture()
    await playground.button('run.stop').click()
    await playground.says('run.unbegun')
    await isRecording(page, playground)
    assert.doesNotMatch(page.url(), /run=/)
  })
})

test('the line is full: it says for how long, the recording stays, and the run begins by itself', async () => {
  const flags = ['--max-runs', '1', '--max-waiting', '1', '--time-limit', '4']
  await scene('full', { size: 'laptop', lang: 'en', theme: 'dark', flags }, async ({ page, server, open, picture }) => {
    const playground = await open('exit-codes')
    await page.locator('body[data-mode=replay]').waitFor()
    for (const scenario of ['processes', 'exit-codes']) await elsewhere(server, scenario)
    await playground.button('run.run').click()
    await playground.says('run.full.busy')
    const left = async () => Number((await playground.status.getByText(pattern('en', 'run.full.busy')).textContent()).match(/\d+/))
    const first = await left()
    await isRecording(page, playground)
    await picture()
    await playground.becomes(before => Number(/\d+/.exec(document.querySelector('run-bar .status').textContent)) < before, first)
    await playground.says('outcome.completed')
    assert.equal(await page.locator('run-scrubber .badge').textContent(), sentence('en', 'scrub.mode.end'))
  })
})

test('out of reach, before a run: it says so and that it keeps trying, and the recording stays', async () => {
  await scene('unreachable', { size: 'phone', lang: 'en', theme: 'dark' }, async ({ page, server, open }) => {
    const playground = await open('pool')
    await page.locator('body[data-mode=replay]').waitFor()
    await server.stop()
    await playground.button('run.run').click()
    await stage(page).getByText(sentence('en', 'run.reconnecting')).waitFor()
    await stage(page).getByText(sentence('en', 'empty.link')).waitFor()
    await playground.says('run.offline')
    await isRecording(page, playground)
  })
})

test('out of reach, during a run: what was seen stays, is not called live, and its time stands still', async () => {
  const server = await Server.start()
  const { page, close } = await visitor(browser, { size: 'laptop', lang: 'zh', theme: 'dark', more: { reducedMotion: 'reduce' } })
  try {
    const playground = await Playground.open(page, server.url, 'processes', { lang: 'zh' })
    await playground.run()
    await page.locator('body[data-mode=live][data-link=open]').waitFor()
    server.child.kill('SIGKILL')
    await playground.says('run.reconnecting')
    const [badge, clock] = [page.locator('run-scrubber .badge'), page.locator('run-scrubber output')]
    await badge.getByText(sentence('zh', 'scrub.mode.cut')).waitFor()
    const stood = await clock.textContent()
    await playground.says('run.offline')
    assert.equal(await clock.textContent(), stood)
    assert.ok(await playground.rows.count() >= 2)
    await page.screenshot({ path: new URL('state-cut.png', folder).pathname })
    assert.deepEqual(await layoutFaults(page), [])
    assert.deepEqual(await barriers(page), [])
  } finally {
    await close()
    await server.stop()
  }
})

test('restarting: a start that the server took with it is asked for again, and runs on the next one', async () => {
  const server = await Server.start()
  const { page, close } = await visitor(browser, { size: 'phone', lang: 'en', theme: 'dark', more: { reducedMotion: 'reduce' } })
  const playground = await Playground.open(page, server.url, 'exit-codes')
  await page.locator('body[data-mode=replay]').waitFor()
  server.child.kill('SIGSTOP')
  await playground.button('run.run').click()
  await playground.says('run.connecting')
  server.child.kill('SIGKILL')
  await isRecording(page, playground)
  await page.screenshot({ path: new URL('state-restarting.png', folder).pathname })
  const next = await server.restarted()
  try {
    await playground.says('outcome.completed')
    assert.equal(await page.locator('run-scrubber .badge').textContent(), sentence('en', 'scrub.mode.end'))
  } finally {
    await close()
    await next.stop()
  }
})

test('gone: the server began anew and knows nothing of the run', async () => {
  const server = await Server.start()
  const { page, close } = await visitor(browser, { size: 'phone', lang: 'en', theme: 'light', more: { reducedMotion: 'reduce' } })
  const playground = await Playground.open(page, server.url, 'processes')
  await playground.run()
  server.child.kill('SIGKILL')
  const next = await server.restarted()
  try {
    await playground.says('run.gone')
    await page.screenshot({ path: new URL('state-gone.png', folder).pathname })
    assert.deepEqual(await layoutFaults(page), [])
    assert.deepEqual(await barriers(page), [])
  } finally {
    await close()
    await next.stop()
  }
})

test('ended by its limit: which, and what it is', async () => {
  await scene('limit', { size: 'phone', lang: 'zh', theme: 'dark', flags: ['--time-limit', '2'] }, async ({ open }) => {
    const playground = await open('processes')
    await playground.run()
    await playground.says('outcome.time_limit')
    await playground.says('reason.time_limit', { n: 2 })
  })
})

test('without Python: its program is to be seen as not to be had, and why', async () => {
  await scene('python', { size: 'laptop', lang: 'en', theme: 'light', flags: ['--python', '/nonexistent'] }, async ({ page, open }) => {
    await open('pool')
    const python = page.getByRole('radio', { name: 'Python', exact: true })
    assert.ok(await python.isDisabled())
    await page.locator('[data-name=runtime]').hover()
    await page.locator('#param-runtime-help').getByText('/nonexistent').waitFor()
  })
})
