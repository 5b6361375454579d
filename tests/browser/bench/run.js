/**
 * How fast the page is, on a real headless Chromium: `npm run bench`. Each value stands beside its goal; nothing is
 * asserted, as times are the machine's. `PLAYGROUND_BINARY` names the program that serves the page.
 */
import { readFileSync } from 'node:fs'
import { launch, visitor } from '../support/browser.js'
import { Server } from '../support/server.js'
import { bars, mixture } from './recording.js'
import { setting, standIn } from './stand-in.js'

const FRAMES = 120

/** @param {number[]} values @param {number} part */
const quantile = (values, part) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(part * values.length))]
const ms = value => `${value.toFixed(1)} ms`

const results = []
/** @param {string} what @param {string} value @param {string} goal @param {boolean} isReached */
function tell(what, value, goal, isReached) {
  results.push({ what, value, goal, reached: isReached ? 'yes' : 'NO' })
  console.log(`${isReached ? ' ' : '!'} ${what.padEnd(46)} ${value.padStart(24)}   goal ${goal}`)
}

/** A page that follows a run whose log has not come yet. */
async function ready(browser, server, lines) {
  const { page, faults, close } = await visitor(browser)
  await page.addInitScript(standIn, setting)
  await page.goto(`${server.url}/scenarios/pool?lang=en&run=bench`)
  await page.waitForFunction(() => globalThis.bench.socket?.onmessage)
  await page.evaluate(text => { globalThis.lines = text.split('\n') }, lines.join('\n'))
  await page.evaluate(() => globalThis.bench.frame())
  return { page, faults, close }
}

/** All lines at once: from their bytes to the frame that shows them. */
const open = page => page.evaluate(async () => {
  const start = performance.now()
  bench.deliver(lines)
  const folded = performance.now()
  await bench.frame()
  return { folded: folded - start, shown: await bench.frame() - start }
})

/**
 * The processor time of the page's main thread for something, in ms: of scripts, and of all it did. Other than the
 * clock's time it is the same on a machine that has other work too.
 * @template T
 * @param {import('playwright-core').Page} page
 * @param {() => Promise<T>} act
 */
async function costing(page, act) {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const read = async () => Object.fromEntries((await session.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value * 1000]))
  const before = await read()
  const result = await act()
  const after = await read()
  await session.detach()
  return { ...result, cpu: { script: after.ScriptDuration - before.ScriptDuration, all: after.TaskDuration - before.TaskDuration } }
}

/** What each frame costs while something is done in it. */
const eachFrame = (page, act, count = FRAMES) => costing(page, () => framesOf(page, act, count))

function framesOf(page, act, count) {
  return page.evaluate(async ([body, frames]) => {
    const step = new Function('place', 'bench', body)
    bench.frames = []
    const start = performance.now()
    for (let place = 0; place < frames; place += 1) {
      requestAnimationFrame(() => step(place, bench))
      await bench.frame()
    }
    await bench.frame()
    const elapsed = performance.now() - start
    return { fps: (frames / elapsed) * 1000, script: bench.frames.map(({ script }) => script), busy: bench.frames.map(({ busy }) => busy) }
  }, [act, count])
}

const WHEEL = `
  const canvas = document.querySelector('process-timeline canvas')
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

/** Lines of so many events a second, as they would come over the wire: a batch a frame. */
const live = (page, rate) => costing(page, () => page.evaluate(async perSecond => {
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

/** What the page holds, after all that can go is gone: its objects, and the private memory of its process. */
async function memory(browser, page) {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize').value
  const whole = await browser.newBrowserCDPSession()
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo')
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => privateKib(id))
  return { heap: heap / 2 ** 20, process: Math.max(...renderers) / 1024 }
}

function privateKib(pid) {
  const lines = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').split('\n').filter(line => line.startsWith('Private'))
  return lines.reduce((sum, line) => sum + Number(/\d+/.exec(line)[0]), 0)
}

/** The same by the processor's time. */
function tellCost(what, { busy, cpu }) {
  console.log(`  ${`${what}: processor time a frame: script, all`.padEnd(46)} ${`${ms(cpu.script / busy.length)}, ${ms(cpu.all / busy.length)}`.padStart(24)}`)
}

function tellFrames(what, { fps, script, busy, cpu }) {
  tell(`${what}: script a frame, p50 / p95`, `${ms(quantile(script, 0.5))} / ${ms(quantile(script, 0.95))}`, '≤ 4 ms', quantile(script, 0.95) <= 4)
  tell(`${what}: whole frame p95, frames a second`, `${ms(quantile(busy, 0.95))}, ${fps.toFixed(0)}`, '60 a second', fps >= 57)
  tellCost(what, { busy, cpu })
}

async function recorded(browser, server) {
  const lines = mixture().map(event => JSON.stringify(event))
  const { page, faults, close } = await ready(browser, server, lines)
  const { folded, shown } = await open(page)
  tell(`${lines.length} events, 64 processes: opened (folded)`, `${ms(shown)} (${ms(folded)})`, '≤ 300 ms', shown <= 300)
  await page.evaluate(async () => { for (let n = 0; n < 40; n += 1) await bench.frame() })
  tellFrames('pan', await eachFrame(page, PAN))
  tellFrames('zoom', await eachFrame(page, ZOOM))
  const seek = await eachFrame(page, SEEK, 60)
  tell('seek: whole frame, p50 / p95', `${ms(quantile(seek.busy, 0.5))} / ${ms(quantile(seek.busy, 0.95))}`, '≤ 16 ms', quantile(seek.busy, 0.95) <= 16)
  tellCost('seek', seek)
  const { heap, process } = await memory(browser, page)
  tell('memory: objects; private of the process', `${heap.toFixed(0)}; ${process.toFixed(0)} MB`, '< 150 MB', process < 150)
  if (faults.length > 0) console.error(faults)
  await close()
}

async function alive(browser, server) {
  const lines = mixture({ events: 30_000 }).map(event => JSON.stringify(event))
  const { page, close } = await ready(browser, server, lines)
  const { rate, fps, busy, cpu } = await live(page, 10_000)
  tell('10,000 events a second live: frames a second', `${fps.toFixed(0)} at ${rate.toFixed(0)} events/s`, '60', fps >= 57)
  tell('10,000 events a second live: whole frame p95', ms(quantile(busy, 0.95)), '≤ 16 ms', quantile(busy, 0.95) <= 16)
  tellCost('10,000 events a second', { busy, cpu })
  await close()
}

async function crowded(browser, server) {
  const lines = bars({ spans: 100_000 }).map(event => JSON.stringify(event))
  const { page, close } = await ready(browser, server, lines)
  const { shown } = await open(page)
  console.log(`  100,000 spans (${lines.length} events): opened in ${ms(shown)}`)
  await page.evaluate(async () => { for (let n = 0; n < 40; n += 1) await bench.frame() })
  const pan = await eachFrame(page, PAN)
  tell('100,000 spans, pan: frames a second', pan.fps.toFixed(0), '≥ 55', pan.fps >= 55)
  tellCost('100,000 spans, pan', pan)
  const zoom = await eachFrame(page, ZOOM)
  tell('100,000 spans, zoom: frames a second', zoom.fps.toFixed(0), '≥ 55', zoom.fps >= 55)
  await close()
}

const server = await Server.start()
const browser = await launch()
try {
  const only = process.argv[2]
  for (const part of [recorded, alive, crowded]) if (!only || part.name === only) await part(browser, server)
} finally {
  await browser.close()
  await server.stop()
}
