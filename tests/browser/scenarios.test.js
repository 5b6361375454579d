/**
 * Every scenario as its reader sees it: pressed Run, all views, to the end. The
 * six of the tutorial on a laptop and a phone, in both languages, light and dark;
 * all others, whatever they are, once on each. Pictures of each state go to
 * `screenshots/`, to be looked at.
 */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { after, describe, test } from 'node:test'
import { launch, SIZES, visitor } from './support/browser.js'
import { coloursDrawn, layoutFaults, smallTargets } from './support/looks.js'
import { Playground } from './support/playground.js'
import { Server } from './support/server.js'
import { pattern } from './support/words.js'

/** What each of the tutorial prints last or again and again, how many processes it has, and which view is its own. */
const TUTORIAL = {
  processes: { prints: '听歌', processes: 3, endless: true },
  globals: { prints: 'm', processes: 3, own: '#variables' },
  'custom-process': { prints: '小红', processes: 3 },
  pool: { prints: 'over!!!', processes: 6, own: '#tasks' },
  'pool-callback': { prints: 'over!!!', processes: 6, own: '#tasks' },
  queue: { prints: '4.png', processes: 3, own: '#queues' },
}

const folder = new URL('./screenshots/', import.meta.url)
mkdirSync(folder, { recursive: true })
const server = await Server.start()
const browser = await launch()
const others = (await server.cards('en')).map(({ id }) => id).filter(id => !(id in TUTORIAL))
/** After so long one has seen enough of a run that goes on. */
const PATIENCE_MS = 5_000

after(async () => {
  await browser.close()
  await server.stop()
})

describe('every scenario', { concurrency: 3 }, () => {
  for (const scenario of Object.keys(TUTORIAL)) {
    for (const size of Object.keys(SIZES)) {
      for (const lang of ['zh', 'en']) {
        for (const theme of ['light', 'dark']) {
          test(`${scenario}, ${size}, ${lang}, ${theme}`, () => story(scenario, size, lang, theme, TUTORIAL[scenario]))
        }
      }
    }
  }
})

describe('every other scenario', { concurrency: 3 }, () => {
  for (const scenario of others) {
    for (const [size, lang, theme] of [['laptop', 'zh', 'light'], ['phone', 'en', 'dark']]) {
      test(`${scenario}, ${size}, ${lang}, ${theme}`, () => story(scenario, size, lang, theme, {}))
    }
  }
})

/** From opening the page to the end of the run. */
async function story(scenario, size, lang, theme, expected) {
  const { page, faults, close } = await visitor(browser, { size, lang, theme })
  const picture = async moment => {
    const file = new URL(`${scenario}-${size}-${lang}-${theme}-${moment}.png`, folder)
    await page.screenshot({ path: file.pathname })
    assert.deepEqual(await layoutFaults(page), [], moment)
    if (size === 'phone') assert.deepEqual(await smallTargets(page), [], moment)
  }

  const playground = await Playground.open(page, server.url, scenario, { lang })
  await picture('before')
  await playground.run()
  if (expected.prints) await playground.printed(expected.prints)
  await picture('running')
  if (expected.endless) await playground.stop()
  else if (expected.processes) await playground.says('outcome.completed')
  else await finished(playground)

  const [started, exited, reaped] = await playground.counts()
  assert.ok(started >= (expected.processes ?? 1) && started === exited && exited === reaped, `${started} ${exited} ${reaped}`)
  assert.equal(await playground.rows.count(), started + 1, 'a row a process, and the supervisor')
  await page.locator('run-meter').getByText(pattern(lang, 'meter.dropped', { dropped: 0 })).first().waitFor({ state: 'attached' })
  assert.ok(await coloursDrawn(page.locator('process-timeline')) > 6, 'the timeline is drawn')
  await picture('finished')
  await views(playground, size, expected, picture)
  assert.deepEqual(faults, [])
  await close()
}

/** Waits for the end, of one's own making if it takes too long. */
async function finished(playground) {
  const ends = ['completed', 'stopped', 'time_limit'].map(outcome => pattern(playground.lang, `outcome.${outcome}`).source)
  const over = playground.status.getByText(new RegExp(ends.join('|'))).first()
  if (await over.waitFor({ timeout: PATIENCE_MS }).then(() => true, () => false)) return
  await playground.button('run.stop').evaluateAll(buttons => buttons.forEach(button => button.click()))
  await over.waitFor()
}

/** Each view has something to show, and shows it well. */
async function views(playground, size, { own }, picture) {
  const { page } = playground
  const content = { tree: 'process-tree', output: 'run-output', source: 'source-view', details: 'event-table', text: '#text' }
  for (const [view, place] of Object.entries(content)) {
    await playground.view(view)
    await page.locator(place).first().waitFor()
    assert.match(await page.locator(place).first().innerText(), /\S/, `${view} says something`)
    if (size === 'phone') await picture(view)
  }
  await playground.view('details')
  if (own) await page.locator(own).waitFor()
}
