/**
 * `npm run lighthouse`: what Lighthouse gives the catalogue and the playground, beside the goal.
 * Performance depends on the machine, so it is printed here and asserted nowhere.
 */
import { Server } from './support/server.js'
import { scores } from './support/lighthouse.js'

const GOALS = { performance: 95, accessibility: 100, 'best-practices': 100 }

const server = await Server.start()
const pages = ['/?lang=zh', '/scenarios/pool?lang=zh', '/scenarios/queue?lang=en'].map(page => server.url + page)
for (const { address, scores: reached, lost } of await scores(pages, Object.keys(GOALS))) {
  console.log(address.slice(server.url.length))
  for (const [category, goal] of Object.entries(GOALS)) {
    console.log(`  ${category.padEnd(16)} ${String(reached[category]).padStart(3)}   goal ${goal}   ${reached[category] >= goal ? 'reached' : 'MISSED'}`)
  }
  for (const audit of lost) console.log(`  less than full: ${audit}`)
}
await server.stop()
