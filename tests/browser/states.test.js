/**
 * What a page looks like when it is not all well: in the line, out of reach, gone, ended by a limit, refused, without Python.
 * Each is told in words where the eye is, fits the screen, and has nothing against it from axe.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { barriers } from './support/axe.js'
import { launch, visitor } from './support/browser.js'
import { layoutFaults } from './support/looks.js'
import { Playground } from './support/playground.js'
import { Server } from './support/server.js'
import { pattern, sentence } from './support/words.js'

let browser

before(async () => {
  browser = await launch()
})

after(async () => {
  await browser?.close()
})

/** A page of a server of its own; what `look` does there is looked at when it is done. */
async function scene({ size, lang, theme, flags = [] }, look) {
  const server = await Server.start('127.0.0.1:0', ...flags)
  const { page, close } = await visitor(browser, { size, lang, theme, more: { reducedMotion: 'reduce' } })
  try {
    const open = (scenario, params) => Playground.open(page, server.url, scenario, { lang, params })
    await look({ page, server, open })
    assert.deepEqual(await layoutFaults(page), [])
    assert.deepEqual(await barriers(page), [])
  } finally {
    await close()
    await server.stop()
  }
}

/** Where the picture will be. */
const stage = page => page.locator('#timeline-empty')

test('in the line: how many come before, and that it begins by itself', async () => {
  await scene({ size: 'phone', lang: 'zh', theme: 'light', flags: ['--max-runs', '1'] }, async ({ page, server, open }) => {
    for (const scenario of ['processes', 'pool', 'pool']) {
      const answer = await fetch(`${server.url}/api/runs`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ scenario }) })
      assert.equal(answer.status, 201)
    }
    const playground = await open('exit-codes')
    await playground.button('run.run').click()
    await playground.says('run.queued')
    await stage(page).getByText(pattern('zh', 'empty.queued', { n: 2 })).waitFor()
    await stage(page).getByText(sentence('zh', 'empty.queued.hint')).waitFor()
  })
})

test('out of reach, before a run: it says so, and that it keeps trying', async () => {
  await scene({ size: 'phone', lang: 'en', theme: 'dark' }, async ({ page, server, open }) => {
    const playground = await open('pool')
    await server.stop()
    await playground.button('run.run').click()
    await stage(page).getByText(sentence('en', 'run.reconnecting')).or(stage(page).getByText(sentence('en', 'run.offline'))).waitFor()
    await stage(page).getByText(sentence('en', 'empty.link')).waitFor()
  })
})

test('out of reach, during a run: what was seen stays, and is not called live', async () => {
  await scene({ size: 'laptop', lang: 'zh', theme: 'dark' }, async ({ page, server, open }) => {
    const playground = await open('processes')
    await playground.run()
    await page.locator('body[data-mode=live][data-link=open]').waitFor()
    await server.stop()
    await page.locator('body:not([data-link=open])').or(page.getByText(pattern('zh', 'outcome.stopped')).first()).first().waitFor()
    assert.ok(await playground.rows.count() >= 2)
  })
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
    assert.deepEqual(await layoutFaults(page), [])
    assert.deepEqual(await barriers(page), [])
  } finally {
    await close()
    await next.stop()
  }
})

test('ended by its limit: which, and what it is', async () => {
  await scene({ size: 'phone', lang: 'zh', theme: 'dark', flags: ['--time-limit', '2'] }, async ({ open }) => {
    const playground = await open('processes')
    await playground.run()
    await playground.says('outcome.time_limit')
    await playground.says('reason.time_limit', { n: 2 })
  })
})

test('without Python: its program is to be seen as not to be had, and why', async () => {
  await scene({ size: 'laptop', lang: 'en', theme: 'light', flags: ['--python', '/nonexistent'] }, async ({ page, open }) => {
    await open('pool')
    const python = page.getByRole('radio', { name: 'Python', exact: true })
    assert.ok(await python.isDisabled())
    await page.locator('[data-name=runtime]').hover()
    await page.locator('#param-runtime-help').getByText('/nonexistent').waitFor()
  })
})
