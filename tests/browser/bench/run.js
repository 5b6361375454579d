/**
 * How fast the page is, on a real headless Chromium: `npm run bench`, or one part of it by its name (`npm run bench --
 * recorded`). Each value stands beside its goal; nothing is asserted, as times are the machine's. `PLAYGROUND_BINARY`
 * names the program that serves the page.
 *
 * The run is a real one of 64 processes and about 20,000 events (`scenarios/crowd`): it is begun on the page and watched
 * live, then opened as a recording, over the server's socket. A real run is not as fast as 10,000 events a second here,
 * nor as long as 100,000 tasks: for these two a log is generated (`recording.js`) and handed to the page in the socket's
 * place.
 */
import { fileURLToPath } from 'node:url'
import { launch, visitor } from '../support/browser.js'
import { Playground } from '../support/playground.js'
import { Server } from '../support/server.js'
import { both, costing, eachFrame, memory, ms, note, quantile, rest, tell, tellCost, tellFrames } from './figures.js'
import { atRate, bars, mixture } from './recording.js'
import { REAL, STAND_IN, watch } from './watch.js'

const SCENARIOS = fileURLToPath(new URL('scenarios/', import.meta.url))

/** Events a second of a fast run. */
const RATE = 10_000
/** How often the recording is opened: half of the times are no worse than the one that is told. */
const OPENINGS = 5

const WHEEL = `
  const canvas = bench.canvas ??= document.querySelector('process-timeline canvas')
  const { left, top, width } = canvas.getBoundingClientRect()
  const wheel = more => canvas.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, clientX: left + width / 2, clientY: top + 80, ...more }))
`
const ZOOM = `${WHEEL} wheel({ ctrlKey: true, deltaY: place < 60 ? -9 : 9 })`
const PAN = `${WHEEL} wheel({ deltaX: Math.floor(place / 30) % 2 ? -24 : 24 })`
const SEEK = `
  const slider = document.querySelector('run-scrubber input[type=range]')
  slider.value = String((place * 617) % 1000)
  slider.dispatchEvent(new Event('input', { bubbles: true }))
`

/** A page under watch. */
async function watched(browser, setting) {
  const { page, faults, close } = await visitor(browser)
  await page.addInitScript(watch, setting)
  return { page, close: () => (faults.length > 0 && console.error(faults), close()) }
}

/** Begins the crowd's run and watches it to its end. @returns the run's id and its last event */
async function live(browser, server) {
  const { page, close } = await watched(browser, REAL)
  const playground = await Playground.open(page, server.url, 'crowd', { params: { seed: 7 } })
  await page.evaluate(() => { bench.frames = [] })
  await playground.button('run.run').click()
  await page.waitForFunction(() => bench.shown !== null, null, { timeout: 60_000 })
  const { busy, fps } = await page.evaluate(() => ({
    busy: bench.frames.filter(({ at }) => at > bench.heard).map(frame => frame.busy),
    fps: (1000 * bench.frames.filter(({ at }) => at > bench.heard).length) / (bench.shown - bench.heard),
  }))
  const run = new URL(page.url()).searchParams.get('run')
  const last = await lastOf(server, run)
  note(`live, while its ${last.processes.started} processes have the machine, too`, `${(last.events / (last.t / 1e6)).toFixed(0)} events/s`)
  note('live: whole frame, p50 / p95; frames a second', `${both(busy)}; ${fps.toFixed(0)}`)
  await close()
  return { run, last }
}

/** The last event of a run. */
async function lastOf(server, run) {
  const answer = await fetch(`${server.url}/api/runs/${run}/events`)
  return JSON.parse((await answer.text()).trim().split('\n').at(-1))
}

/** Opens the run from its recording. @returns the page, and how long it took from the first event to the last frame, ms */
async function opened(browser, server, run) {
  const { page, close } = await watched(browser, REAL)
  await page.goto(`${server.url}/runs/${run}?lang=en`)
  await page.waitForFunction(() => bench.shown !== null)
  return { page, close, took: await page.evaluate(() => bench.shown - bench.heard) }
}

async function recorded(browser, server) {
  const { run, last } = await live(browser, server)
  const times = []
  for (let n = 1; n < OPENINGS; n += 1) {
    const { close, took } = await opened(browser, server, run)
    times.push(took)
    await close()
  }
  const { page, close, took } = await opened(browser, server, run)
  times.push(took)
  const half = quantile(times, 0.5)
  tell(`${last.events} real events, ${last.processes.started} processes: opened`, `${half.toFixed(0)} (${Math.min(...times).toFixed(0)}–${Math.max(...times).toFixed(0)}) ms`, '≤ 300 ms', half <= 300)
  await rest(page)
  await moved(page)
  const { heap, process } = await memory(browser, page)
  tell('memory: objects; private of the process', `${heap.toFixed(0)}; ${process.toFixed(0)} MB`, '< 150 MB', process < 150)
  await close()
}

/** What a reader does with an open run. */
async function moved(page) {
  tellFrames('pan', await eachFrame(page, PAN))
  tellFrames('zoom', await eachFrame(page, ZOOM))
  const seek = await eachFrame(page, SEEK, 60)
  tell('seek: whole frame, p50 / p95', both(seek.busy), '≤ 16 ms', quantile(seek.busy, 0.95) <= 16)
  tellCost('seek', seek)
}

/** A page that follows a run whose log has not come yet. */
async function ready(browser, server, events) {
  const { page, close } = await watched(browser, STAND_IN)
  await page.goto(`${server.url}/scenarios/pool?lang=en&run=bench`)
  await page.waitForFunction(() => globalThis.bench.socket?.onmessage)
  await page.evaluate(text => { globalThis.lines = text.split('\n') }, events.map(event => JSON.stringify(event)).join('\n'))
  await page.evaluate(() => globalThis.bench.frame())
  return { page, close }
}

/** Lines of so many events a second, as they would come over the wire: a batch a frame. */
const pour = (page, rate) => costing(page, () => page.evaluate(async perSecond => {
  bench.frames = []
  const start = performance.now()
  let given = 0
  while (given < lines.length) {
    const due = Math.min(lines.length, Math.ceil(((performance.now() - start) / 1000) * perSecond))
    if (due > given) bench.counted(() => bench.deliver(lines.slice(given, due)))
    given = due
    await bench.frame()
  }
  const elapsed = performance.now() - start
  return { rate: (given / elapsed) * 1000, fps: (bench.frames.length / elapsed) * 1000, busy: bench.frames.map(({ busy }) => busy) }
}, rate))

async function fast(browser, server) {
  const { page, close } = await ready(browser, server, atRate(mixture({ events: 30_000 }), RATE))
  const { rate, fps, busy, cpu } = await pour(page, RATE)
  tell('10,000 events a second live: frames a second', `${fps.toFixed(0)} at ${rate.toFixed(0)} events/s`, '60', fps >= 57)
  tell('10,000 events a second live: whole frame, p50 / p95', both(busy), '≤ 16 ms', quantile(busy, 0.95) <= 16)
  tellCost('10,000 events a second', { busy, cpu })
  await close()
}

async function crowded(browser, server) {
  const { page, close } = await ready(browser, server, bars({ spans: 100_000 }))
  const took = await page.evaluate(async () => {
    const start = performance.now()
    bench.deliver(lines)
    await bench.frame()
    return await bench.frame() - start
  })
  note('100,000 spans: opened', ms(took))
  await rest(page)
  for (const [what, act] of [['pan', PAN], ['zoom', ZOOM]]) {
    const { fps, busy, cpu } = await eachFrame(page, act)
    tell(`100,000 spans, ${what}: frames a second`, fps.toFixed(0), '≥ 55', fps >= 55)
    tellCost(`100,000 spans, ${what}`, { busy, cpu })
  }
  await close()
}

const server = await Server.start('127.0.0.1:0', '--scenarios', SCENARIOS, '--time-limit', '60')
const browser = await launch()
try {
  const only = process.argv[2]
  for (const part of [recorded, fast, crowded]) if (!only || part.name === only) await part(browser, server)
} finally {
  await browser.close()
  await server.stop()
}
