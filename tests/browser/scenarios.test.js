/**
 * Every scenario as its reader sees it: pressed Run, all views, to the end. Those
 * that nothing is said of here are asked of the server and must do what any must.
 * Pictures of each state go to `screenshots/`, to be looked at.
 */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { describe, test } from 'node:test'
import { visitor } from './support/browser.js'
import { coloursDrawn, layoutFaults, smallTargets } from './support/looks.js'
import { Playground } from './support/playground.js'
import { browser, server } from './support/stage.js'
import { pattern } from './support/words.js'

/** What each prints last or again and again, how many processes it has, which view is its own; other than the defaults. */
const SCENARIOS = {
  processes: { prints: '听歌', processes: 3, endless: true },
  globals: { prints: 'm', processes: 3, own: '#variables' },
  'custom-process': { prints: '小红', processes: 3 },
  pool: { prints: 'over!!!', processes: 6, own: '#tasks' },
  'pool-callback': { prints: 'over!!!', processes: 6, own: '#tasks' },
  queue: { prints: '4.png', processes: 3, own: '#queues' },
  'fork-tree': { prints: '父进程', processes: 8 },
  zombie: { prints: '收走', processes: 3 },
  orphan: { prints: '现在的父进程', processes: 3 },
  'exit-codes': { prints: 'kill 的退出码 -9', processes: 7 },
  signals: { prints: '睡醒了', processes: 2 },
  daemon: { prints: '到此为止', processes: 2 },
  'copy-on-write': { prints: '第 4 段', processes: 2 },
  'pool-crash': { prints: 'over!!!', processes: 4, own: '#tasks' },
  'producers-consumers': { prints: '打烊', processes: 6, own: '#queues' },
  speedup: { prints: '最多快', processes: 11, own: '#variables', params: { seconds: 0.1 } },
}

/**
 * The first six have four looks, in which each size meets each language and each theme, and each language each theme;
 * the others, made of the same views, the two that differ in everything.
 */
const FIRST = ['processes', 'globals', 'custom-process', 'pool', 'pool-callback', 'queue']
const LOOKS = [
  { size: 'laptop', lang: 'zh', theme: 'light' },
  { size: 'phone', lang: 'en', theme: 'dark' },
  { size: 'laptop', lang: 'en', theme: 'dark' },
  { size: 'phone', lang: 'zh', theme: 'light' },
]

const folder = new URL('./screenshots/', import.meta.url)
mkdirSync(folder, { recursive: true })
const all = (await server.cards('en')).map(({ id }) => id)
/** After so long one has seen enough of a run that goes on. */
const PATIENCE_MS = 5_000

describe('every scenario', { concurrency: 3 }, () => {
  for (const scenario of new Set([...Object.keys(SCENARIOS), ...all])) {
    for (const { size, lang, theme } of FIRST.includes(scenario) ? LOOKS : LOOKS.slice(0, 2)) {
      test(`${scenario}, ${size}, ${lang}, ${theme}`, () => story(scenario, size, lang, theme))
    }
  }
})

/** From opening the page to the end of the run. */
async function story(scenario, size, lang, theme) {
  const expected = SCENARIOS[scenario] ?? {}
  const { page, faults, close } = await visitor(browser, { size, lang, theme })
  const picture = async moment => {
    const file = new URL(`${scenario}-${size}-${lang}-${theme}-${moment}.png`, folder)
    await page.screenshot({ path: file.pathname })
    assert.deepEqual(await layoutFaults(page), [], moment)
    if (size === 'phone') assert.deepEqual(await smallTargets(page), [], moment)
  }

  const playground = await Playground.open(page, server.url, scenario, { lang, params: expected.params })
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
    // Not its inner text: rows out of sight are not laid out and have none.
    assert.match(await page.locator(place).first().textContent(), /\S/, `${view} says something`)
    if (size === 'phone') await picture(view)
  }
  await playground.view('details')
  if (own) await page.locator(own).waitFor()
}
