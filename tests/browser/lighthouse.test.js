/** Lighthouse's categories that do not depend on the machine; `npm run lighthouse` prints performance too. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scores } from './support/lighthouse.js'
import { Server } from './support/server.js'

test('Lighthouse finds nothing to do for accessibility and best practices', async () => {
  const server = await Server.start()
  const pages = ['/?lang=zh', '/scenarios/pool?lang=en'].map(page => server.url + page)
  const all = await scores(pages, ['accessibility', 'best-practices'])
  await server.stop()
  for (const { address, scores: reached, lost } of all) {
    assert.deepEqual(reached, { accessibility: 100, 'best-practices': 100 }, `${address}: ${lost.join(', ')}`)
  }
})
