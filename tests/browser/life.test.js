/**
 * One run from many sides: signals, stop, run again, rewinding while it is live,
 * a reload, a second viewer, another language, another theme, a server that goes and comes back.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { visitor } from './support/browser.js'
import { Playground } from './support/playground.js'
import { Server } from './support/server.js'
import { browser, server } from './support/stage.js'
import { pattern, sentence } from './support/words.js'

/** A page on which the endless `processes` run, and what must be empty at its end. */
async function running(as = {}) {
  const { page, faults, close } = await visitor(browser, as)
  const playground = await Playground.open(page, server.url, 'processes', { lang: as.lang ?? 'en' })
  await playground.run()
  await playground.row('听歌').waitFor({ state: 'attached' })
  return { page, playground, faults, close }
}

const state = (playground, name, key) => playground.row(name).getByText(sentence(playground.lang, `state.${key}`), { exact: true })

describe('signals', () => {
  test('stop, continue, terminate and kill reach the process that is selected', async () => {
    const { playground, page, faults, close } = await running()
    const press = async signal => page.locator('signal-bar').getByRole('button', { name: new RegExp(`${signal.slice(3)}$`) }).click()
    const [first, second] = ['听歌', '吃饭']
    await playground.select(first)
    await press('SIGSTOP')
    await state(playground, first, 'stopped').waitFor()
    await press('SIGCONT')
    await state(playground, first, 'stopped').waitFor({ state: 'detached' })
    await press('SIGTERM')
    await playground.row(first).getByText('SIGTERM').waitFor()
    await playground.select(second)
    await press('SIGKILL')
    await playground.row(second).getByText('SIGKILL').waitFor()
    assert.deepEqual(faults, [])
    await close()
  })
})

describe('a run', () => {
  test('that has ended says so, though Stop was pressed before the next frame took the button away', async () => {
    const { page, faults, close } = await visitor(browser, {})
    // A finger that is exactly so late: behind the page's own reading of the last message, before that is drawn.
    await page.addInitScript(() => {
      const Plain = WebSocket
      window.WebSocket = class extends Plain {
        constructor(...setting) {
          super(...setting)
          this.addEventListener('message', ({ data }) => {
            if (String(data).includes('"run.finished"')) setTimeout(() => document.querySelector('run-bar .buttons button.danger')?.click())
          })
        }
      }
    })
    const playground = await Playground.open(page, server.url, 'custom-process', { lang: 'en' })
    await playground.run()
    await playground.says('outcome.completed')
    assert.deepEqual(faults, [])
    await close()
  })

  test('is followed to its last line of output, and no further than the reader wants', async () => {
    const { page, faults, close } = await visitor(browser)
    const playground = await Playground.open(page, server.url, 'pool', { params: { longest: 0.5 } })
    await playground.run()
    await playground.says('outcome.completed')
    const last = page.locator('run-output').getByText('over!!!')
    const isInView = line => {
      const [own, window] = [line, line.closest('.lines')].map(element => element.getBoundingClientRect())
      return own.bottom <= window.bottom + 1
    }
    await last.waitFor()
    assert.ok(await last.evaluate(isInView), 'the last line is in view')
    assert.ok(await playground.button('output.latest').isHidden())
    await page.locator('run-output ol').hover()
    await page.mouse.wheel(0, -300)
    await playground.button('output.latest').click()
    await playground.button('output.latest').waitFor({ state: 'hidden' })
    assert.ok(await last.evaluate(isInView), 'it is in view again')
    assert.deepEqual(faults, [])
    await close()
  })

  test('is stopped and run again', async () => {
    const { playground, page, faults, close } = await running()
    await playground.stop()
    const [started, , reaped] = await playground.counts()
    assert.equal(started, reaped)
    const before = page.url()
    await playground.button('run.again').click()
    await playground.says('run.running')
    await playground.stop()
    assert.ok(before && page.url())
    assert.deepEqual(faults, [])
    await close()
  })

  test('starts and stops by the keyboard', async () => {
    const { page, faults, close } = await visitor(browser)
    const playground = await Playground.open(page, server.url, 'processes')
    await page.keyboard.press('Control+Enter')
    await playground.rows.nth(2).waitFor()
    await playground.rows.first().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.locator('[role=treeitem][aria-selected=true]').waitFor()
    await playground.button('run.stop').focus()
    await page.keyboard.press('Enter')
    await playground.says('outcome.stopped')
    assert.deepEqual(faults, [])
    await close()
  })

  test('is rewound while it is live, and LIVE and REPLAY are told apart', async () => {
    const { playground, page, faults, close } = await running()
    const mode = key => page.locator('run-scrubber').getByText(sentence('en', `scrub.mode.${key}`), { exact: true }).first()
    await mode('live').waitFor()
    const events = () => page.evaluate(() => document.querySelector('event-table')?.textContent)
    const now = await playground.rows.count()
    await playground.button('scrub.start').click()
    await mode('replay').waitFor()
    await playground.becomes(most => document.querySelectorAll('[role=treeitem]').length < most, now)
    const atBeginning = await playground.rows.count()
    await playground.button('scrub.forward').click()
    await playground.button('scrub.back').click()
    await playground.button('scrub.live').click()
    await mode('live').waitFor()
    await playground.becomes(least => document.querySelectorAll('[role=treeitem]').length > least, atBeginning)
    assert.ok(await events())
    await playground.stop()
    assert.deepEqual(faults, [])
    await close()
  })

  test('goes on through a reload, and is still one\'s own', async () => {
    const { playground, page, faults, close } = await running()
    const pid = await playground.row('听歌').locator('.pid').textContent()
    await page.reload()
    await playground.row('听歌').waitFor({ state: 'attached' })
    assert.equal(await playground.row('听歌').locator('.pid').textContent(), pid, 'the same run')
    await playground.stop()
    assert.deepEqual(faults, [])
    await close()
  })

  test('is seen by a second viewer, who sees the same and can only look', async () => {
    const { playground, page, close } = await running()
    const other = await visitor(browser, { lang: 'zh' })
    await other.page.goto(await runAddress(page, 'zh'))
    const theirs = new Playground(other.page, 'zh')
    await theirs.row('听歌').waitFor({ state: 'attached' })
    assert.equal(await theirs.button('run.stop').isVisible(), false, 'a viewer cannot stop it')
    await playground.stop()
    await theirs.says('outcome.stopped')
    const pids = of => of.rows.locator('.pid').allTextContents()
    assert.deepEqual(await pids(theirs), await pids(playground))
    await theirs.button('run.own').waitFor()
    assert.deepEqual(other.faults, [])
    await other.close()
    await close()
  })

  test('is followed in the other language after the switch', async () => {
    const { playground, page, faults, close } = await running({ lang: 'zh' })
    await page.getByRole('link', { name: sentence('zh', 'lang.other'), exact: true }).click()
    const english = new Playground(page, 'en')
    await english.says('run.running')
    await english.stop()
    assert.ok(playground)
    assert.deepEqual(faults, [])
    await close()
  })
})

/** The address under which anybody can watch the run of this page. */
async function runAddress(page, lang) {
  const run = new URL(page.url()).searchParams.get('run') ?? new URL(page.url()).pathname.split('/runs/')[1]
  assert.match(run ?? '', /^[0-9a-f]{32}$/, `no run in ${page.url()}`)
  return `${server.url}/runs/${run}?lang=${lang}`
}

test('the theme is the reader\'s, and stays', async () => {
  const { page, faults, close } = await visitor(browser, { theme: 'light' })
  await Playground.open(page, server.url, 'pool')
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const light = await background()
  const button = page.locator('#theme')
  await button.click()
  await page.waitForFunction(former => getComputedStyle(document.body).backgroundColor !== former, light)
  const dark = await background()
  await page.reload()
  assert.equal(await background(), dark, 'also after a reload')
  assert.deepEqual(faults, [])
  await close()
})

test('a server that goes is told, and one that comes back is found', async () => {
  const own = await Server.start()
  const { page, close } = await visitor(browser)
  const playground = await Playground.open(page, own.url, 'processes')
  await playground.run()
  await playground.row('听歌').waitFor()
  await own.stop()
  await playground.status.getByText(pattern('en', 'outcome.stopped')).or(playground.status.getByText(pattern('en', 'run.offline'))).first().waitFor()
  const again = await own.restarted()
  await page.getByRole('button', { name: new RegExp(`^(${sentence('en', 'run.run')}|${sentence('en', 'run.again')})$`) }).click()
  await playground.says('run.running')
  await playground.stop()
  await close()
  await again.stop()
})
