/**
 * A blog by Hexo on an origin of its own, with six embeds: among plain files, with a server, with a full one.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import puppeteer from 'puppeteer-core'
import { SIZES, firefoxProgram } from './support/browser.js'
import { EMBEDS, blog, filesOf, folder } from './support/hexo.js'
import { Host, watch } from './support/host.js'
import { Server } from './support/server.js'
import { browser, server } from './support/stage.js'
import { pattern, sentence } from './support/words.js'

const started = []
after(() => Promise.all(started.map(site => site.stop())))
const serve = async (dir, playground) => (started.push(await Host.start(filesOf(dir, playground))), started.at(-1))

/** One blog for each theme, given from one origin for each place that its frames come from: plain files, a server, a full one. */
const themes = /** @type {const} */ (['landscape', 'next'])
let plain, full, offline, ofFiles, ofServer, ofFull

before(async () => {
  const files = await folder()
  offline = await (await fetch(`${server.url}/api/scenarios/pool/recording/export.html?lang=zh`)).text()
  const [, dirs] = await Promise.all([promisify(execFile)(process.env.PLAYGROUND_BINARY, ['export-site', files, '--server', server.url]), Promise.all(themes.map(theme => blog(theme, EMBEDS, offline)))])
  plain = await serve(files)
  full = await Server.start(undefined, '--max-runs', '1', '--max-waiting', '1', '--time-limit', '60')
  started.push(full)
  const blogs = async ({ url }) => Object.fromEntries(await Promise.all(themes.map(async (theme, n) => [theme, await serve(dirs[n], url)])))
  ;[ofFiles, ofServer, ofFull] = await Promise.all([plain, server, full].map(blogs))
})

const THEMES_OWN = /jsdelivr/

/**
 * Opens a post. What the theme itself asks of others is answered with nothing; it is no matter of ours.
 * `origins`: who may be asked beside the blog.
 */
async function open(site, post, { size = 'laptop', scheme = 'light', origins = [plain, server, full] } = {}) {
  const context = await browser.newContext({ viewport: SIZES[size], hasTouch: size === 'phone', isMobile: size === 'phone', colorScheme: scheme })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  await page.route(THEMES_OWN, route => route.fulfill({ contentType: 'text/css', body: '' }))
  const all = watch(page, [site, ...origins].map(({ url }) => url))
  const faults = () => all.filter(fault => !THEMES_OWN.test(fault))
  await page.goto(`${site.url}/${post}/`)
  return { page, faults, context }
}

/** The first embeds of a page with so many, each once it is in sight and shows its recorded run. */
async function shown(page, { first, of = EMBEDS.length } = {}) {
  const places = page.locator('iframe.process-playground')
  await page.waitForFunction(count => document.querySelectorAll('iframe.process-playground').length === count, of)
  const frames = []
  for (let n = 0; n < (first ?? of); n += 1) {
    await places.nth(n).scrollIntoViewIfNeeded()
    const frame = await (await places.nth(n).elementHandle()).contentFrame()
    await frame.locator('.stage-of-embed[data-mode="replay"]').waitFor()
    frames.push(frame)
  }
  return frames
}

/** By the keyboard: frames above it may still grow, and a pointer would miss. */
const live = frame => frame.locator('#run').press('Enter')
const finished = frame => frame.locator('.stage-of-embed[data-mode="finished"]').waitFor()

/** One runs for a minute, and one waits; the next is refused. */
async function fill() {
  const start = () => fetch(`${full.url}/api/runs`, { method: 'POST', body: JSON.stringify({ scenario: 'processes' }) })
  while ((await start()).status !== 503);
}

describe('among plain files', () => {
  for (const theme of themes) {
    for (const [size, scheme] of [['laptop', 'light'], ['phone', 'dark']]) {
      test(`six embeds show their recorded runs and ask no server: ${theme}, ${size}, ${scheme}`, async () => {
        const { page, faults, context } = await open(ofFiles[theme], 'six', { size, scheme, origins: [plain] })
        const frames = await shown(page)
        assert.ok(frames.every(frame => frame.url().startsWith(plain.url)))
        const wide = await page.locator('iframe.process-playground').evaluateAll(all => all.map(one => one.scrollWidth > document.documentElement.clientWidth))
        assert.ok(!wide.includes(true))
        // What is out of sight is not painted.
        await page.locator('iframe.process-playground').first().evaluate(frame => frame.scrollIntoView({ block: 'center' }))
        await page.screenshot({ path: `screenshots/hexo-${theme}-${size}-${scheme}.png` })
        assert.deepEqual(await context.cookies(), [])
        assert.deepEqual(faults(), [])
        await context.close()
      })
    }
  }

  test('one is run live by the server that the files know', async () => {
    const { page, faults, context } = await open(ofFiles.next, 'six')
    const [pool] = await shown(page, { first: 1 })
    await live(pool)
    await finished(pool)
    assert.deepEqual(faults(), [])
    await context.close()
  })
})

describe('with a server', () => {
  for (const theme of themes) {
    test(`all six run live: ${theme}`, async () => {
      const { page, faults, context } = await open(ofServer[theme], 'six')
      const frames = await shown(page)
      for (const frame of frames) await live(frame)
      for (const frame of frames) {
        await (await frame.frameElement()).scrollIntoViewIfNeeded()
        await frame.locator('.stage-of-embed:is([data-mode="live"], [data-mode="finished"])').waitFor()
      }
      assert.deepEqual(await context.cookies(), [])
      assert.deepEqual(faults(), [])
      await context.close()
    })
  }

  test('PJAX brings posts with embeds, and their heights fit without a new script', async () => {
    const { page, faults, context } = await open(ofServer.next, 'six')
    await shown(page, { first: 1 })
    await page.evaluate(() => (window.stays = true))
    await page.evaluate(() => document.querySelector('a[href="/one/"]').click())
    await page.waitForURL('**/one/')
    const [race] = await shown(page, { of: 1 })
    assert.equal(await page.evaluate(() => window.stays), true, 'the page was not loaded anew')
    await page.waitForFunction(() => document.querySelector('iframe.process-playground').style.height !== '')
    await live(race)
    await finished(race)
    await page.goBack()
    await shown(page)
    assert.deepEqual(faults(), [])
    await context.close()
  })

  test('a feed has a picture with a link where a frame is taken out', async () => {
    const feed = await (await fetch(`${ofServer.landscape.url}/atom.xml`)).text()
    for (const words of EMBEDS) assert.ok(feed.includes(`/embed/v1/${words.split(' ')[0]}/poster.`), words)
    const picture = /src="([^"]*poster\.\w\w\.svg)"/.exec(feed)[1]
    assert.equal((await fetch(picture)).headers.get('content-type'), 'image/svg+xml')
  })

  test('a run as one file beside the posts comes out as it went in', async () => {
    for (const theme of themes) assert.equal(await (await fetch(`${ofServer[theme].url}/playground/own.html`)).text(), offline)
  })

  test('a mistake in a tag ends the build with its sentence and the post', async () => {
    await assert.rejects(blog('landscape', ['pool view:huge']), ({ stderr, stdout }) => /view is one of full, simple.*_posts\/six\.md/.test(stderr + stdout))
  })
})

test('in Firefox: recorded among plain files, live with a server, after the post is loaded again, and recorded where the server is full', async () => {
  const firefox = await puppeteer.launch({ browser: 'firefox', headless: true, ...firefoxProgram() })
  try {
    for (const theme of themes) {
      const page = await firefox.newPage()
      page.setDefaultTimeout(15_000)
      await page.setViewport({ width: 1100, height: 800 })
      const faults = []
      page.on('console', message => ['error', 'warn'].includes(message.type()) && !THEMES_OWN.test(message.text()) && faults.push(message.text()))
      page.on('pageerror', error => faults.push(error.message))
      await page.goto(`${ofFiles[theme].url}/six/`)
      for (const handle of await page.$$('iframe.process-playground')) {
        await handle.scrollIntoView()
        await (await handle.contentFrame()).waitForSelector('.stage-of-embed[data-mode="replay"]')
      }
      await page.goto(`${ofServer[theme].url}/six/`)
      const pool = async () => {
        const handle = await page.$('iframe.process-playground')
        await handle.scrollIntoView()
        const frame = await handle.contentFrame()
        await frame.waitForSelector('.stage-of-embed[data-mode="replay"]')
        return frame
      }
      const run = async () => {
        const frame = await pool()
        await frame.locator('#run').click()
        await frame.waitForSelector('.stage-of-embed[data-mode="finished"]')
        return frame.$eval('run-bar', bar => bar.textContent)
      }
      assert.match(await run(), pattern('en', 'outcome.completed'))
      await page.reload()
      assert.match(await run(), pattern('en', 'outcome.completed'))
      await fill()
      await page.goto(`${ofFull[theme].url}/six/`)
      const refused = await pool()
      await refused.locator('#run').click()
      await refused.waitForFunction(words => document.querySelector('run-bar').textContent.includes(words), {}, sentence('en', 'embed.stays'))
      assert.equal(await refused.$eval('.stage-of-embed', stage => stage.dataset.mode), 'replay')
      assert.deepEqual(faults, [])
      await page.close()
    }
  } finally {
    await firefox.close()
  }
})

test('a server that is full says so, and the recorded runs stay', async () => {
  for (const theme of themes) {
    await fill()
    const { page, faults, context } = await open(ofFull[theme], 'six')
    const [pool] = await shown(page, { first: 1 })
    await live(pool)
    await pool.getByText(pattern('en', 'run.full.busy')).first().waitFor()
    assert.equal(await pool.locator('.stage-of-embed').getAttribute('data-mode'), 'replay')
    assert.deepEqual(faults(), [])
    await context.close()
  }
})

test('the package has what it names, and no dependency', async () => {
  const root = new URL('../../web/hexo-tag-process-playground/', import.meta.url).pathname
  const { files, main, dependencies } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'))
  assert.equal(dependencies, undefined)
  for (const file of [main, ...files]) assert.ok((await readFile(path.join(root, file))).length > 0, file)
})
