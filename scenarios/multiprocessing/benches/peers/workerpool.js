// So many tasks at once on five processes of `workerpool`. Prints what it took, in seconds.
import { fileURLToPath } from 'node:url'
import workerpool from 'workerpool'

const count = Number(process.argv[2])
const worker = fileURLToPath(new URL('workerpool-worker.js', import.meta.url))
const pool = workerpool.pool(worker, { workerType: 'process', minWorkers: 5, maxWorkers: 5 })
const all = async n => Promise.all(Array.from({ length: n }, (_, task) => pool.exec('same', [task])))
await all(50)
const began = performance.now()
const results = await all(count)
const seconds = (performance.now() - began) / 1000
if (!results.every((result, task) => result === task)) throw new Error('a wrong result')
console.log(seconds)
await pool.terminate()
