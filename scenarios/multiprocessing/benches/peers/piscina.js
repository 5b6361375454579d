// So many tasks at once on five threads of `piscina`. Prints what it took, in seconds.
import Piscina from 'piscina'

const count = Number(process.argv[2])
const filename = new URL('piscina-worker.js', import.meta.url).href
const pool = new Piscina({ filename, minThreads: 5, maxThreads: 5, maxQueue: Infinity })
const all = async n => Promise.all(Array.from({ length: n }, (_, task) => pool.run(task)))
await all(50)
const began = performance.now()
const results = await all(count)
const seconds = (performance.now() - began) / 1000
if (!results.every((result, task) => result === task)) throw new Error('a wrong result')
console.log(seconds)
await pool.destroy()
