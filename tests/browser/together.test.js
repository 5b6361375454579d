/**
 * One picture: what is pointed at in one view is lit in all; signals from rows and menus and what they did; receipts;
 * variables that part; events found and walked by keys.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { visitor } from './support/browser.js'
import { Playground } from './support/playground.js'
import { browser, server } from './support/stage.js'
import { sentence } from './support/words.js'

/** A run of a scenario, and what must be empty at its end. */
async function running(id, as = {}) {
  const { page, faults, close } = await visitor(browser, as)
  const playground = await Playground.open(page, server.url, id, { lang: 'en', ...as })
  await playground.run()
  return { page, playground, faults, close }
}

/** The lines of the program that are lit, by number. */
const litLines = page => page.locator('.code li[data-lit]').evaluateAll(lines => lines.map(line => Number(line.dataset.line)))

test('a line and the processes that ran it are lit together, whichever is pointed at', async () => {
  const { page, playground, faults, close } = await running('processes')
  const row = playground.row('吃饭')
  await playground.printed('吃饭')
  await row.hover()
  const lines = await litLines(page)
  assert.ok(lines.length > 0)
  await page.locator('run-output li[data-lit]').filter({ hasText: '吃饭' }).first().waitFor()
  assert.equal(await page.locator('run-output li[data-lit]').filter({ hasText: '听歌' }).count(), 0)
  await page.locator(`.code li[data-line="${lines.at(-1)}"] code`).hover()
  await page.locator('[role=treeitem][data-lit]').filter({ hasText: '吃饭' }).waitFor()
  await page.locator(`.code li[data-line="${lines.at(-1)}"] code`).click()
  await page.mouse.move(0, 0)
  await page.locator('[role=treeitem][data-lit]').filter({ hasText: '吃饭' }).waitFor()
  assert.deepEqual(faults, [])
  await close()
})

test('signals from the row, its menu and the keyboard say at once what they did', async () => {
  const { page, playground, faults, close } = await running('processes')
  const row = playground.row('听歌')
  const told = words => page.locator('signal-bar').getByText(words).waitFor()
  await row.hover()
  await row.locator('[data-signal=SIGSTOP]').click()
  await row.getByText(sentence('en', 'state.stopped'), { exact: true }).waitFor()
  await told(/is stopped by SIGSTOP/)
  await row.click({ button: 'right' })
  await page.getByRole('menuitem', { name: /SIGCONT/ }).click()
  await told(/continues after SIGCONT/)
  await row.focus()
  await page.keyboard.press('k')
  await row.getByText(/SIGKILL/).waitFor()
  await page.locator('process-timeline .scroller canvas').click({ button: 'right', position: { x: 30, y: 40 } })
  await page.getByRole('menu').waitFor()
  await page.keyboard.press('Escape')
  await playground.row('吃饭').click()
  await page.locator('process-timeline .scroller').press('p')
  await told(/吃饭.* is stopped by SIGSTOP/)
  assert.deepEqual(faults, [])
  await close()
})

test('the receipts of all processes are ticked where the program says the same', async () => {
  const { page, playground, faults, close } = await running('exit-codes')
  await playground.says('outcome.completed')
  await page.locator('receipt-table').getByText(/^✓/).first().waitFor()
  assert.equal(await page.locator('receipt-table [data-agrees=false]').count(), 0)
  assert.ok((await page.locator('receipt-table [data-agrees=true]').count()) > 3)
  await page.locator('receipt-table tr').filter({ hasText: 'raise' }).click()
  await page.locator('process-card').getByText('raise').first().waitFor()
  await page.locator('receipt-table .term').focus()
  await page.locator('.meaning').getByText(sentence('en', 'term.zombie.means')).waitFor()
  assert.deepEqual(faults, [])
  await close()
})

test('events are found by kind and walked by arrow keys', async () => {
  const { page, playground, faults, close } = await running('exit-codes')
  await playground.says('outcome.completed')
  await page.getByLabel(sentence('en', 'events.kind')).selectOption('output')
  const rows = page.locator('event-table tbody tr[data-event]')
  for (const words of await rows.allTextContents()) assert.match(words, /prints/)
  await page.locator('event-table .window').focus()
  await page.keyboard.press('Home')
  const first = await page.locator('.sentence:focus').textContent()
  await page.keyboard.press('ArrowDown')
  assert.notEqual(await page.locator('.sentence:focus').textContent(), first)
  await page.keyboard.press('Enter')
  await page.locator('tr[data-chosen]').waitFor()
  assert.deepEqual(faults, [])
  await close()
})

test('variables split at the fork and part at the write', async () => {
  const params = { runtime: 'python', writer: 'first', rounds: 2, first_period: 0.2 }
  const { page, playground, faults, close } = await running('globals', { params })
  await playground.says('outcome.completed')
  const card = name => page.locator('variable-panel .owner').filter({ hasText: name })
  await card('任务1').locator('[data-copy=parted] .was').getByText('was 1').waitFor()
  await card('任务2').getByText(sentence('en', 'variables.same', { name: 'MainProcess' })).waitFor()
  assert.deepEqual(faults, [])
  await close()
})
