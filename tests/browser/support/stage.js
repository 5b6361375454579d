/**
 * What most files need: one server and one browser for all tests of the file, ended after the last.
 * Who needs a server of its own, with flags or to kill it, starts it by `Server`.
 */
import { after } from 'node:test'
import { launch } from './browser.js'
import { Server } from './server.js'

/** The server. */
export const server = await Server.start()
/** The browser. */
export const browser = await launch()

after(async () => {
  await browser.close()
  await server.stop()
})
