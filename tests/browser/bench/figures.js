/** What is measured on a page, and how it is told beside its goal. */
import { readFileSync } from 'node:fs'

const FRAMES = 120

/** @param {number[]} values @param {number} part */
export const quantile = (values, part) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(part * values.length))]
export const ms = value => `${value.toFixed(1)} ms`
/** Half of all, and all but one in twenty. */
export const both = values => `${ms(quantile(values, 0.5))} / ${ms(quantile(values, 0.95))}`

/** @param {string} what @param {string} value @param {string} goal @param {boolean} isReached */
export function tell(what, value, goal, isReached) {
  console.log(`${isReached ? ' ' : '!'} ${what.padEnd(50)} ${value.padStart(24)}   goal ${goal}`)
}

/** What has no goal. @param {string} what @param {string} value */
export function note(what, value) {
  console.log(`  ${what.padEnd(50)} ${value.padStart(24)}`)
}

/**
 * The processor time of the page's main thread for something, in ms: of scripts, and of all it did. Other than the
 * clock's time it is the same on a machine that has other work too.
 * @template T
 * @param {import('playwright-core').Page} page
 * @param {() => Promise<T>} act
 */
export async function costing(page, act) {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const read = async () => Object.fromEntries((await session.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value * 1000]))
  const before = await read()
  const result = await act()
  const after = await read()
  await session.detach()
  return { ...result, cpu: { script: after.ScriptDuration - before.ScriptDuration, all: after.TaskDuration - before.TaskDuration } }
}

/**
 * What each frame costs while something is done in it.
 * @param {import('playwright-core').Page} page
 * @param {string} act the body of a function of `place`, the frame's number, and `bench`
 */
export function eachFrame(page, act, count = FRAMES) {
  return costing(page, () => page.evaluate(async ([body, frames]) => {
    const step = new Function('place', 'bench', body)
    bench.frames = []
    const start = performance.now()
    for (let place = 0; place < frames; place += 1) {
      // As a hand's events come: between two frames, when nothing waits to be laid out.
      bench.counted(() => step(place, bench))
      await bench.frame()
    }
    await bench.frame()
    const elapsed = performance.now() - start
    return { fps: (frames / elapsed) * 1000, script: bench.frames.map(({ script }) => script), busy: bench.frames.map(({ busy }) => busy) }
  }, [act, count]))
}

/** Lets the page come to rest. */
export const rest = page => page.evaluate(async () => { for (let n = 0; n < 90; n += 1) await bench.frame() })

/** What the page holds, after all that can go is gone: its objects, and the private memory of its process. */
export async function memory(browser, page) {
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
export function tellCost(what, { busy, cpu }) {
  note(`${what}: processor time a frame: script, all`, `${ms(cpu.script / busy.length)}, ${ms(cpu.all / busy.length)}`)
}

/** A hand that moves the picture: its script, and whether the frames follow each other. */
export function tellFrames(what, { fps, script, busy, cpu }) {
  tell(`${what}: script a frame, p50 / p95`, both(script), '≤ 4 ms', quantile(script, 0.95) <= 4)
  tell(`${what}: whole frame p95; frames a second`, `${ms(quantile(busy, 0.95))}; ${fps.toFixed(0)}`, '≤ 16 ms; 60', quantile(busy, 0.95) <= 16 && fps >= 57)
  tellCost(what, { busy, cpu })
}
