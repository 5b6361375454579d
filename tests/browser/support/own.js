/**
 * As `stage.js`, with a server that has the scenarios of the folder `own`, too: those that no visitor is meant to see.
 */
import { after } from 'node:test'
import { launch } from './browser.js'
import { Server } from './server.js'

/** The server. */
export const server = await Server.start('127.0.0.1:0', '--scenarios', new URL('../own', import.meta.url).pathname)
/** The browser. */
export const browser = await launch()

after(async () => {
  await browser.close()
  await server.stop()
})
