/**
 * Every parameter of every scenario at its other values: both ends of a range,
 * each choice, both booleans, texts with quotes, markup and CJK. Each is set by
 * the control that the reader has, and run by the button.
 *
 * Which scenarios and parameters there are is read from the server, so a new one
 * is covered without a word here. What comes out is compared with the run's own
 * log: the page must say what the log says, and the log what the control said.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { visitor } from './support/browser.js'
import { Playground } from './support/playground.js'
import { browser, server } from './support/stage.js'
import { pattern, sentence } from './support/words.js'

const LANGS = ['zh', 'en']
/** Numbers are times where they matter here: all but the one that is tried are this small, in seconds. */
const BRIEF = 0.1
/** After so long a reader has seen enough and presses Stop: some scenarios never end, some values take long. */
const PATIENCE_MS = 2_500
/** Markup that the page itself never has, so that one of its elements could only come from a value. */
const MARKUP = `<u>&lt;'"甲`
const OUTCOMES = ['completed', 'failed', 'stopped', 'time_limit', 'process_limit', 'memory_limit', 'crashed']

const cards = { zh: await server.cards('zh'), en: await server.cards('en') }

describe('every switch of', { concurrency: 4 }, () => {
  for (const [place, card] of cards.en.entries()) {
    const lang = LANGS[place % LANGS.length]
    test(`${card.id}, ${lang}`, context => allSwitches(context, card.id, lang))
  }
})

/** One page for a scenario, on which its switches are tried one after the other; after a failure, another one. */
async function allSwitches(context, id, lang) {
  const { properties } = cards[lang].find(card => card.id === id).params
  const numbers = brief(properties)
  let reader
  for (const { name, value } of changes(properties)) {
    await context.test(`${name} = ${JSON.stringify(value)}`, async () => {
      reader ??= await opened(id, lang, numbers)
      const { playground, faults } = reader
      const { page } = playground
      reader = undefined
      await set(page, properties[name], value)
      await page.waitForURL(url => url.searchParams.get(name) === String(value))
      await tried(playground, name, value)
      await set(page, properties[name], numbers[name] ?? properties[name].default)
      assert.deepEqual(faults, [])
      reader = { playground, faults }
    })
  }
}

/** A page of the scenario, with small numbers. */
async function opened(id, lang, params) {
  const { page, faults } = await visitor(browser, { lang })
  return { playground: await Playground.open(page, server.url, id, { lang, params }), faults }
}

/** One parameter after the other, at each value that is not its default. */
function changes(properties) {
  return Object.entries(properties).flatMap(([name, property]) =>
    values(property).filter(value => value !== property.default).map(value => ({ name, value })))
}

/** The values of a parameter that are worth a try. */
function values({ type, oneOf, minimum, maximum, maxLength }) {
  if (oneOf) return oneOf.map(option => option.const)
  if (type === 'boolean') return [false, true]
  if (type === 'string') return [[...MARKUP].slice(0, maxLength).join(''), '漢'.repeat(maxLength)]
  return [minimum, maximum]
}

/** The numbers of a scenario, so small that a run is soon over. */
function brief(properties) {
  const numbers = Object.entries(properties).filter(([, { type }]) => type === 'number')
  return Object.fromEntries(numbers.map(([name, { minimum, maximum }]) => [name, Math.min(maximum, Math.max(minimum, BRIEF))]))
}

/** Runs it as the controls stand, and compares what the page says with the log. */
async function tried(playground, name, value) {
  const { page, lang } = playground
  await begin(page)
  const isStopped = await ended(playground)
  const log = await logOf(page)
  assert.deepEqual(log[0].params[name], value, 'the run was started with what the control shows')
  const finish = log.at(-1)
  assert.equal(finish.outcome, isStopped ? 'stopped' : 'completed', finish.reason)
  await playground.says(`outcome.${finish.outcome}`)
  const { started, exited, reaped } = finish.processes
  assert.ok(started > 0 && started === exited && exited === reaped, JSON.stringify(finish.processes))
  assert.deepEqual(await playground.counts(), [started, exited, reaped])
  await page.locator('run-meter').getByText(sentence(lang, 'meter.dropped', { events: log.length, dropped: 0 })).waitFor({ state: 'attached' })
  for (const text of printed(log, value)) await playground.printed(text)
  assert.equal(await page.locator('u').count(), 0, 'a value is text and never markup')
}

/** Presses Run and waits until the page is about the new run, and no longer about the former one. */
async function begin(page) {
  const runOf = url => new URL(url).searchParams.get('run')
  const before = runOf(page.url())
  await page.keyboard.press('Control+Enter')
  await page.waitForURL(url => ![null, before].includes(runOf(url)))
  await page.evaluate(() => new Promise(shown => requestAnimationFrame(shown)))
}

/** Sets a value by the control that stands under the parameter's title. */
async function set(page, { title, type, oneOf }, value) {
  // Fields that have no room on the line wait behind a button.
  const further = page.locator('run-controls').getByRole('button', { expanded: false })
  if (await further.isVisible()) await further.click()
  const controls = page.locator('run-controls')
  if (oneOf) {
    const option = oneOf.find(one => one.const === value).title
    await controls.getByRole('radiogroup', { name: title, exact: true }).getByRole('radio', { name: option, exact: true }).check()
  } else if (type === 'boolean') {
    await controls.getByRole('switch', { name: title, exact: true }).click()
  } else {
    await controls.getByLabel(title, { exact: true }).fill(String(value))
  }
}

/**
 * Waits until the page says that the run has ended; presses Stop when it takes too long.
 * @returns {Promise<boolean>} whether it was stopped
 */
async function ended(playground) {
  const words = OUTCOMES.map(outcome => pattern(playground.lang, `outcome.${outcome}`).source)
  const over = playground.status.getByText(new RegExp(words.join('|'))).first()
  if (await over.waitFor({ timeout: PATIENCE_MS }).then(() => true, () => false)) return false
  // In one step, for it may end by itself meanwhile: then the button is gone, and that is well, too.
  await playground.button('run.stop').evaluateAll(buttons => buttons.forEach(button => button.click()))
  await over.waitFor()
  return (await playground.status.getByText(sentence(playground.lang, 'outcome.stopped')).count()) > 0
}

/** The log of the run that the page shows, as the server keeps it. */
async function logOf(page) {
  const run = new URL(page.url()).searchParams.get('run')
  const log = await page.evaluate(async address => (await fetch(address)).text(), `/api/runs/${run}/events`)
  return log.trimEnd().split('\n').map(line => JSON.parse(line))
}

/** A line of output with that value in it, if it is a text and the program printed it. */
function printed(log, value) {
  if (typeof value !== 'string') return []
  return log.filter(({ type, text }) => type === 'output' && text.includes(value)).slice(0, 1).map(({ text }) => text)
}
