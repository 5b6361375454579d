/**
 * The embed in a sandboxed frame on another origin: recorded at once, live at a press, the recording again when nothing
 * can be run; driven by the page around, and several on one page.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { after, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { barriers } from './support/axe.js'
import { filesOf, folder } from './support/hexo.js'
import { Host, SCRIPTLESS, frame, page as around, plain, watch } from './support/host.js'
import { layoutFaults } from './support/looks.js'
import { Server } from './support/server.js'
import { browser, server } from './support/stage.js'
import { pattern, sentence } from './support/words.js'

const pages = {}
const host = await Host.start(plain(pages))
after(() => host.stop())

/** Opens a page of the host's; the frames in it, in order. */
async function open(content, { width = 720, theme = 'light', more = {}, style = '', head = '', origins = [server.url] } = {}) {
  pages['/post'] = around(content, style, head)
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: theme, ...more })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const faults = watch(page, [host.url, ...origins])
  await page.addInitScript(() => {
    window.heard = []
    /** The frames that have played, by their place. */
    window.played = new Set()
    addEventListener('message', ({ data, source }) => {
      window.heard.push(data)
      if (data?.playing) window.played.add([...document.querySelectorAll('iframe')].findIndex(({ contentWindow }) => contentWindow === source))
    })
  })
  await page.goto(`${host.url}/post`)
  const frames = () => page.frames().slice(1)
  return { page, faults, frames, context }
}

const says = (frame, lang, key) => frame.getByText(pattern(lang, key)).first().waitFor()
const mode = frame => frame.locator('.stage-of-embed').getAttribute('data-mode')
const becomes = (frame, wanted) => frame.locator(`.stage-of-embed[data-mode="${wanted}"]`).waitFor()
const heard = (page, type) => page.waitForFunction(type => window.heard.findLast(one => one.type === type), type).then(found => found.jsonValue())
const say = (page, message) => page.evaluate(message => document.querySelector('iframe').contentWindow.postMessage({ src: 'process-playground', v: 1, ...message }, '*'), message)

describe('in a sandboxed frame', () => {
  for (const [view, width, lang, theme] of [['full', 720, 'zh', 'light'], ['full', 336, 'zh', 'dark'], ['simple', 800, 'en', 'dark'], ['simple', 336, 'en', 'light']]) {
    test(`shows the recorded run at once, and runs it live, on a page without scripts: ${view}, ${width} px, ${lang}, ${theme}`, async () => {
      const wishes = `pool?lang=${lang}&view=${view}&tasks=4&longest=0.9`
      const { page, faults, frames, context } = await open(frame(server.url, wishes), { width, theme, head: SCRIPTLESS })
      const [embed] = frames()
      await says(embed, lang, 'run.recorded')
      assert.equal(await mode(embed), 'replay')
      await embed.getByText(sentence(lang, 'scrub.mode.replay'), { exact: true }).first().waitFor()
      await embed.getByText('over!!!').first().waitFor({ state: 'attached' })
      const year = new Date(JSON.parse((await (await fetch(`${server.url}/api/scenarios/pool/recording`)).text()).split('\n')[0]).unix_ms).getFullYear()
      await embed.getByText(String(year)).first().waitFor()
      assert.deepEqual(await layoutFaults(embed), [])
      await page.screenshot({ path: `screenshots/embed-${view}-${width}-${lang}-${theme}.png` })
      await embed.getByRole('button', { name: sentence(lang, 'embed.run') }).click()
      await becomes(embed, 'live')
      await embed.getByText(sentence(lang, 'scrub.mode.live'), { exact: true }).first().waitFor()
      await says(embed, lang, 'outcome.completed')
      assert.equal(embed.url(), `${server.url}/embed/v1/${wishes}`, 'its address stays')
      assert.deepEqual(await context.cookies(), [])
      assert.deepEqual(faults, [])
      assert.deepEqual(await barriers(embed), [])
      await context.close()
    })
  }

  test('leads to the full page, which works though it has no origin either', async () => {
    const { page, faults, frames, context } = await open(frame(server.url, 'pool?lang=en&size=2&tasks=2&longest=0.1'))
    const link = frames()[0].getByRole('link')
    assert.equal(await link.getAttribute('rel'), 'noopener')
    const [full] = await Promise.all([context.waitForEvent('page'), link.click()])
    await full.locator('body[data-mode="replay"]').waitFor()
    assert.equal(await full.evaluate(() => self.origin), 'null')
    assert.equal(await full.locator('#param-size').inputValue(), '2')
    await full.locator('#run').click()
    await full.getByText(pattern('en', 'outcome.completed')).first().waitFor()
    assert.deepEqual(faults, [])
    await context.close()
    assert.ok(page.isClosed())
  })

  test('without scripts there are the picture and the words', async () => {
    // Said by the frame itself: the browser's own switch reaches a frame of another process late at times.
    const { frames, context } = await open(frame(server.url, 'pool?lang=zh').replace('allow-scripts ', ''))
    const [embed] = frames()
    const picture = embed.getByRole('img')
    assert.match(await picture.getAttribute('alt'), /MainProcess.*ForkPoolWorker-5/)
    assert.match(await embed.locator('.printed').innerText(), /over!!!/)
    await context.close()
  })

  test('asks for nothing before it is in sight, and several do not disturb each other', async () => {
    const gap = '<div style="height:3000px"></div>'
    const { page, faults, frames, context } = await open(['pool', 'queue', 'zombie'].map(id => frame(server.url, `${id}?lang=en&start=replay`).replace('loading="lazy"', '')).join(gap))
    const logs = []
    page.on('request', request => request.url().endsWith('/recording') && logs.push(request.url()))
    const [first, second, third] = frames()
    await heard(page, 'ready')
    await becomes(first, 'replay')
    for (const embed of [second, third]) assert.notEqual(await mode(embed), 'replay')
    assert.ok(!logs.some(url => url.includes('zombie')))
    await page.locator('iframe').nth(2).scrollIntoViewIfNeeded()
    await becomes(third, 'replay')
    await third.locator('run-scrubber').getByRole('button', { name: sentence('en', 'scrub.pause') }).waitFor()
    assert.deepEqual(faults, [])
    await context.close()
  })

  test('start=auto runs by itself, with the parameters of the address', async () => {
    const { faults, frames, context } = await open(frame(server.url, 'pool?lang=en&start=auto&size=2&tasks=2&longest=0.2&seed=7'))
    const [embed] = frames()
    await becomes(embed, 'finished')
    assert.equal(await embed.locator('process-tree [role=treeitem]').count(), 4, 'the supervisor, the main process, two workers')
    assert.deepEqual(faults, [])
    await context.close()
  })

  test('addresses of version 1, as they stand in posts, show what they showed', async () => {
    const kept = readFileSync(new URL('../http/embed-v1.tsv', import.meta.url), 'utf8').split('\n').filter(line => /^[^#]/.test(line)).map(line => line.split('\t'))
    const { page, faults, frames, context } = await open(kept.map(([address]) => frame(server.url, address.replace('/embed/v1/', ''))).join(''), { more: { locale: 'en-GB' } })
    for (const [n, [address, view, lang, begins]] of kept.entries()) {
      await page.locator('iframe').nth(n).scrollIntoViewIfNeeded()
      const embed = page.frameLocator('iframe').nth(n)
      const stage = embed.locator(`.stage-of-embed[data-view="${view}"]`)
      assert.equal(await stage.evaluate(() => document.documentElement.lang), lang === 'zh' ? 'zh-CN' : 'en', address)
      if (begins === 'live') await embed.locator('.stage-of-embed:is([data-mode="live"], [data-mode="finished"])').waitFor()
      else await becomes(embed, 'replay')
      assert.ok(frames().some(one => one.url() === server.url + address), `${address} stays`)
      if (begins === 'playing') await page.waitForFunction(n => window.played.has(n), n)
      else if (begins === 'replay') assert.ok(!(await page.evaluate(n => window.played.has(n), n)), address)
    }
    assert.deepEqual(faults.filter(fault => !/\/api\/runs\/0|Failed to load resource/.test(fault)), [])
    await context.close()
  })

  test('t and event bring a moment of the recorded run', async () => {
    const { faults, frames, context } = await open(frame(server.url, 'pool?lang=en&t=0.5&event=9'))
    const [embed] = frames()
    await embed.getByText(/^0\.50 \/ /).waitFor()
    assert.deepEqual(faults, [])
    await context.close()
  })

  test('run=ID shows that run; one that is gone is said so and the recording stands in', async () => {
    const [run, { url }] = [await (await fetch(`${server.url}/api/runs`, { method: 'POST', body: JSON.stringify({ scenario: 'pool', params: { size: 3, tasks: 3, longest: 0 } }) })).json(), server]
    await (await fetch(`${url}/api/runs/${run.run}/events`)).text()
    const { frames, context } = await open(frame(url, `pool?lang=en&run=${run.run}`) + frame(url, `pool?lang=en&run=${'0'.repeat(32)}`))
    await becomes(frames()[0], 'replay')
    assert.equal(await frames()[0].locator('process-tree [role=treeitem]').count(), 5)
    await says(frames()[1], 'en', 'run.gone')
    await becomes(frames()[1], 'replay')
    await context.close()
  })
})

describe('when nothing can be run', () => {
  test('a full server says so, and the recording stays', async () => {
    const full = await Server.start(undefined, '--max-runs', '1', '--max-waiting', '1')
    try {
      const start = () => fetch(`${full.url}/api/runs`, { method: 'POST', body: JSON.stringify({ scenario: 'processes' }) })
      // One runs, and one waits.
      const answers = [await start(), await start()]
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201])
      const { frames, faults, context } = await open(frame(full.url, 'pool?lang=zh&view=simple'), { origins: [full.url] })
      const [embed] = frames()
      await says(embed, 'zh', 'run.recorded')
      await embed.getByRole('button', { name: sentence('zh', 'embed.run') }).click()
      await says(embed, 'zh', 'run.full.busy')
      await says(embed, 'zh', 'embed.stays')
      assert.equal(await mode(embed), 'replay')
      assert.deepEqual(faults, [])
      await context.close()
    } finally {
      await full.stop()
    }
  })

  test('a server that is gone is not waited for, whoever gave the page, and the next press reaches the next one', async () => {
    const other = await Server.start()
    const dir = await folder()
    await promisify(execFile)(process.env.PLAYGROUND_BINARY, ['export-site', dir, '--server', other.url])
    const files = await Host.start(filesOf(dir))
    const content = frame(other.url, 'pool?lang=en&tasks=1&longest=0') + frame(files.url, 'pool/?lang=en&tasks=1&longest=0')
    const { frames, page, context } = await open(content, { origins: [other.url, files.url] })
    const run = embed => embed.getByRole('button', { name: sentence('en', 'embed.run') }).click()
    for (const n of [0, 1]) {
      await page.locator('iframe').nth(n).scrollIntoViewIfNeeded()
      await says(frames()[n], 'en', 'run.recorded')
    }
    await other.stop()
    for (const embed of frames()) await run(embed)
    for (const embed of frames()) {
      await embed.getByText(sentence('en', 'embed.unreachable', { host: new URL(other.url).host })).waitFor()
      assert.equal(await mode(embed), 'replay')
    }
    const next = await other.restarted()
    for (const embed of frames()) await run(embed)
    for (const embed of frames()) await says(embed, 'en', 'outcome.completed')
    await context.close()
    await Promise.all([next.stop(), files.stop()])
  })
})

describe('messages', () => {
  test('it tells its height, its state and what happens, and is driven', async () => {
    const { page, faults, frames, context } = await open(frame(server.url, 'pool?lang=en'))
    const [embed] = frames()
    await becomes(embed, 'replay')
    assert.deepEqual(await heard(page, 'ready'), { src: 'process-playground', v: 1, type: 'ready', scenario: 'pool', lang: 'en' })
    assert.ok((await heard(page, 'resize')).height > 300)
    assert.equal((await heard(page, 'event')).kind, 'run.finished')
    await say(page, { type: 'seek', t: 0.5 })
    await embed.getByText(/^0\.50 \/ /).waitFor()
    await say(page, { type: 'seek', event: 1 })
    await page.waitForFunction(() => window.heard.findLast(({ type }) => type === 'event').seq === 1)
    await say(page, { type: 'play' })
    await page.waitForFunction(() => window.heard.findLast(({ type }) => type === 'state').playing)
    await say(page, { type: 'pause' })
    await page.waitForFunction(() => !window.heard.findLast(({ type }) => type === 'state').playing)
    await say(page, { type: 'lang', lang: 'zh' })
    await says(embed, 'zh', 'run.recorded')
    assert.equal((await heard(page, 'lang')).lang, 'zh')
    await say(page, { type: 'theme', theme: 'dark', font: 20 })
    await embed.waitForFunction(() => getComputedStyle(document.documentElement).fontSize === '20px' && getComputedStyle(document.documentElement).colorScheme === 'dark')
    assert.deepEqual(faults, [])
    await context.close()
  })

  test('what it does not know it leaves alone', async () => {
    const { page, faults, frames, context } = await open(frame(server.url, 'pool?lang=en'))
    const [embed] = frames()
    await becomes(embed, 'replay')
    const before = await embed.locator('run-scrubber output').innerText()
    for (const wrong of [{ type: 'seek', t: '0.5' }, { type: 'seek', t: -1 }, { type: 'seek', t: NaN }, { type: 'seek', event: 0.5 }, { type: 'theme', theme: 'pink' }, { type: 'lang', lang: {} }, { type: 'run' }, { type: 'toString' }, { v: 2, type: 'play' }, { src: 'another', type: 'play' }]) await say(page, wrong)
    await page.evaluate(() => [null, 1, 'play', [], { type: 'play' }].forEach(data => document.querySelector('iframe').contentWindow.postMessage(data, '*')))
    // What comes in order comes after all those.
    await say(page, { type: 'lang', lang: 'zh' })
    await says(embed, 'zh', 'run.recorded')
    assert.equal(await embed.locator('run-scrubber output').innerText(), before)
    assert.ok(!(await page.evaluate(() => window.heard.some(({ playing }) => playing))))
    assert.deepEqual(faults, [])
    await context.close()
  })

  test('with our script for the page around: height, colours and letters follow, links drive, frames come and go', async () => {
    const script = `<script src="${server.url}/embed/v1/host.js"></script>`
    const link = '<p><a href="#x" id="seek" data-playground-seek="0.9">at 0.9 s</a> <button id="event" data-playground-event="2">event</button></p>'
    const { page, faults, frames, context } = await open(script + frame(server.url, 'pool?lang=en') + link, { style: 'background:#111;color:#eee;font-size:18px' })
    let [embed] = frames()
    await becomes(embed, 'replay')
    const dressed = embed => embed.waitForFunction(() => getComputedStyle(document.documentElement).colorScheme === 'dark' && getComputedStyle(document.documentElement).fontSize === '18px')
    await dressed(embed)
    const fits = () => page.waitForFunction(() => document.querySelector('iframe').style.height === `${window.heard.findLast(({ type }) => type === 'resize').height}px`)
    await fits()
    assert.equal(await embed.evaluate(() => document.documentElement.scrollHeight > innerHeight + 1), false, 'nothing to scroll')
    await page.locator('#seek').click()
    await embed.getByText(/^0\.90 \/ /).waitFor()
    assert.ok(!page.url().includes('#x'))
    await page.evaluate(() => document.addEventListener('playground', ({ target, detail }) => (window.told = [target.tagName, detail.type, detail.seq])))
    await page.locator('#event').click()
    await page.waitForFunction(() => window.told?.[0] === 'IFRAME' && window.told[2] === 2)
    await page.evaluate(() => (document.body.style.background = '#fff'))
    await embed.waitForFunction(() => getComputedStyle(document.documentElement).colorScheme === 'light')
    // As PJAX does: the content is replaced, the script stays.
    await page.evaluate(() => {
      document.body.style.background = '#111'
      const old = document.querySelector('iframe')
      old.replaceWith(Object.assign(old.cloneNode(), { src: old.src.replace('pool', 'queue') }))
    })
    await page.waitForFunction(() => window.heard.findLast(({ type }) => type === 'ready').scenario === 'queue')
    embed = frames().find(one => one.url().includes('queue'))
    await dressed(embed)
    await fits()
    assert.deepEqual(faults, [])
    await context.close()
  })
})
