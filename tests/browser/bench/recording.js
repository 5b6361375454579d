/**
 * Recordings of any size, made by a small simulation: a main process, pool workers with tasks and callbacks, producers
 * and consumers at a bounded queue, rivals for a lock, the sampler's looks. The mixture is that of real runs of our
 * scenarios; a seed makes each the same for everybody.
 */

const SUPERVISOR = 1000
const NAMES = ['听音乐', '吃饭', '打游戏', '散步', '睡觉', '学习', '打球']

/** Numbers between 0 and 1 from a seed (mulberry32). */
function dice(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Actors that sleep and wake in the order of time, and the log they write. */
class Stage {
  events = []
  now = 0
  #sleepers = []
  #limit
  random

  constructor(seed, limit) {
    this.random = dice(seed)
    this.#limit = limit
  }

  get isFull() {
    return this.events.length >= this.#limit
  }

  /** Adds an event at the present moment. */
  log(type, pid, fields = {}) {
    this.events.push({ seq: this.events.length + 1, t: Math.round(this.now), ...(pid ? { pid } : {}), type, ...fields })
  }

  /** Lets an actor, a generator that yields how long it sleeps in µs, come in after a while. */
  enter(actor, after = 0) {
    this.#sleep({ at: this.now + after, actor })
  }

  #sleep(sleeper) {
    const place = this.#sleepers.findLastIndex(({ at }) => at <= sleeper.at) + 1
    this.#sleepers.splice(place, 0, sleeper)
  }

  /** Plays until the log is full or everybody has left. */
  play() {
    while (this.#sleepers.length > 0 && !this.isFull) {
      const { at, actor } = this.#sleepers.shift()
      this.now = at
      const { value, done } = actor.next()
      if (!done) this.#sleep({ at: at + value, actor })
    }
  }
}

/** @returns the next length of something that takes that long on average, in µs */
const about = (stage, us) => us * (0.4 + 1.2 * stage.random())
const at = line => ({ at: { file: 'main.py', line } })

/** A worker of the pool: task after task. */
function* worker(stage, pool, pid) {
  for (;;) {
    const task = ++pool.tasks
    const name = `${NAMES[task % NAMES.length]} ${task}`
    stage.log('task.submitted', pool.main, { task, name, ...at(12) })
    yield about(stage, 300)
    stage.log('task.started', pid, { task, name, ...at(5) })
    yield about(stage, pool.length / 2)
    if (!pool.isBare) stage.log('output', pid, { stream: 'stdout', text: `${pid} ${name}` })
    yield about(stage, pool.length / 2)
    stage.log('task.finished', pid, { task, name, value: task, ...at(7) })
    yield about(stage, 200)
    if (!pool.isBare) stage.log('task.callback', pool.main, { task, name, value: task, ...at(15) })
  }
}

/** One end of a bounded queue: waits while it is full or empty. */
function* queueUser(stage, queue, pid, op) {
  const line = at(op === 'put' ? 21 : 27)
  const blocked = () => queue.items.length === (op === 'put' ? queue.capacity : 0)
  for (;;) {
    yield about(stage, op === 'put' ? 50_000 : 56_000)
    if (blocked()) {
      stage.log('queue.blocked', pid, { queue: 1, op, ...line })
      while (blocked()) yield about(stage, 2000)
      stage.log('queue.unblocked', pid, { queue: 1, op })
    }
    if (op === 'put') queue.items.push(++queue.put)
    const item = op === 'put' ? queue.put : queue.items.shift()
    stage.log(`queue.${op}`, pid, { queue: 1, item, size: queue.items.length, bytes: 9, value: `${item}.png`, ...line })
  }
}

/** Who takes a lock again and again and counts under it. */
function* rival(stage, lock, pid) {
  const what = { object: 1, name: 'Lock-1', kind: 'lock' }
  for (;;) {
    yield about(stage, 40_000)
    if (lock.isHeld) stage.log('sync.waiting', pid, { ...what, ...at(33) })
    while (lock.isHeld) yield about(stage, 1500)
    lock.isHeld = true
    stage.log('sync.acquired', pid, { ...what, ...at(33) })
    yield about(stage, 9000)
    stage.log('variable.set', pid, { name: 'total', value: ++lock.total, shared: 1, ...at(34) })
    stage.log('sync.released', pid, { ...what, ...at(35) })
    lock.isHeld = false
  }
}

/** The sampler's look at a process, ten times a second. */
function* sampler(stage, pid) {
  for (let cpu = 900; ; cpu += about(stage, 20_000)) {
    yield 100_000
    const isRunning = stage.random() < 0.6
    stage.log('process.sampled', pid, { state: isRunning ? 'R' : 'S', cpu_us: Math.round(cpu), rss_kib: 9000, ...(isRunning ? {} : { waiting: 'futex' }) })
  }
}

function head(stage) {
  stage.log('run.started', null, {
    version: 1, run: 'bench', scenario: 'pool', runtime: 'rust', params: {}, seed: 7, supervisor: SUPERVISOR, observer: 'exact',
    host: { os: 'Linux', kernel: '6', cpus: 2 }, sandbox: {},
    limits: { wall_ms: 20000, memory_mib: 256, processes: 64, output_process_kib: 64, output_kib: 640, events: 20000, grace_ms: 800 },
  })
}

function* born(stage, pid, ppid, name, role) {
  stage.log('process.started', pid, { ppid, how: ppid === SUPERVISOR ? 'spawn' : 'fork', ...(ppid === SUPERVISOR ? {} : at(10)) })
  yield 80
  stage.log('process.named', pid, { name, role })
}

/** All ends: everybody exits and is buried, then the run finishes. */
function end(stage, pids) {
  for (const pid of pids.toReversed()) {
    stage.now += 400
    stage.log('process.exited', pid, { code: 0 })
    stage.log('process.zombie', pid, { user_us: 90_000, sys_us: 9000, max_rss_kib: 9000 })
    stage.log('process.reaped', pid, { by: pid === pids[0] ? SUPERVISOR : pids[0] })
  }
  const counts = { started: pids.length, exited: pids.length, reaped: pids.length }
  stage.log('run.finished', null, { outcome: 'completed', reason: 'the program ended', duration_us: Math.round(stage.now), processes: counts, events: stage.events.length + 1 })
}

/**
 * A whole run of a mixture.
 * @param {{ events?: number, processes?: number, seed?: number }} [size]
 */
export function mixture({ events = 20_000, processes = 64, seed = 7 } = {}) {
  const stage = new Stage(seed, events - 3 * processes - 1)
  const pids = Array.from({ length: processes }, (_, place) => SUPERVISOR + 1 + place)
  const [main, ...children] = pids
  const [pool, queue, lock] = [{ main, tasks: 0, length: 300_000 }, { capacity: 5, items: [], put: 0 }, { isHeld: false, total: 0 }]
  head(stage)
  stage.enter(born(stage, main, SUPERVISOR, 'MainProcess', 'main'))
  stage.log('queue.created', null, { queue: 1, name: 'Queue-1', capacity: 5 })
  children.forEach((pid, place) => {
    const after = 1500 * (place + 1)
    const isPool = place < 0.6 * children.length
    stage.enter(born(stage, pid, main, isPool ? `ForkPoolWorker-${place + 1}` : `Process-${place + 1}`, isPool ? 'pool-worker' : 'process'), after)
    stage.enter(sampler(stage, pid), after + 400)
    const act = isPool ? worker(stage, pool, pid) : place % 4 === 0 ? rival(stage, lock, pid) : queueUser(stage, queue, pid, place % 4 === 1 ? 'put' : 'get')
    stage.enter(act, after + 600)
  })
  stage.play()
  end(stage, pids)
  return stage.events
}

/**
 * A pool and nothing else: as many bars as one asks for.
 * @param {{ spans: number, processes?: number, seed?: number }} size
 */
export function bars({ spans, processes = 64, seed = 7 }) {
  const stage = new Stage(seed, 3 * spans + 2 * processes)
  const pids = Array.from({ length: processes }, (_, place) => SUPERVISOR + 1 + place)
  const [main, ...children] = pids
  const pool = { main, tasks: 0, length: 12_000, isBare: true }
  head(stage)
  stage.enter(born(stage, main, SUPERVISOR, 'MainProcess', 'main'))
  children.forEach((pid, place) => {
    stage.enter(born(stage, pid, main, `ForkPoolWorker-${place + 1}`, 'pool-worker'), 1500 * (place + 1))
    stage.enter(worker(stage, pool, pid), 1500 * (place + 1) + 600)
  })
  stage.play()
  end(stage, pids)
  return stage.events
}

/**
 * The same log, as if so many of its events had happened each second: what comes faster than it happened is a past that
 * the page catches up with, and no live run.
 * @param {any[]} events
 * @param {number} perSecond
 */
export function atRate(events, perSecond) {
  const { t: end } = events.at(-1)
  const factor = ((events.length / perSecond) * 1e6) / end
  return events.map(event => ({ ...event, t: Math.round(event.t * factor), ...(event.duration_us ? { duration_us: Math.round(end * factor) } : {}) }))
}
