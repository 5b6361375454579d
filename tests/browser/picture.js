/**
 * Takes the picture of the README from the real program: `npm run picture`.
 * Only this writes it; tests never touch a committed file.
 */
import { launch, visitor } from './support/browser.js'
import { Playground } from './support/playground.js'
import { Server } from './support/server.js'

const file = new URL('./playground.png', import.meta.url)
const server = await Server.start()
const browser = await launch()
const { page } = await visitor(browser)
const playground = await Playground.open(page, server.url, 'pool', { params: { seed: 7, longest: 4 } })
await playground.run()
await playground.printed('完成 打游戏')
await playground.select('ForkPoolWorker-2')
await page.screenshot({ path: file.pathname })
await browser.close()
await server.stop()
console.log(`written: ${file.pathname}`)
