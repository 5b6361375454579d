/** The recording of one's own run: until when it is kept, that others find it, that it can be deleted, and what is said then. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { barriers } from './support/axe.js'
import { visitor } from './support/browser.js'
import { layoutFaults } from './support/looks.js'
import { Playground } from './support/playground.js'
import { Server } from './support/server.js'
import { browser, server } from './support/stage.js'
import { pattern, sentence } from './support/words.js'

for (const [lang, size] of [['zh', 'phone'], ['en', 'laptop']]) {
  test(`${lang}: a run that has ended is kept, and its owner deletes it`, async () => {
    const { page, faults, close } = await visitor(browser, { lang, size, theme: 'light' })
    const playground = await Playground.open(page, server.url, 'exit-codes', { lang })
    await playground.run()
    const line = page.locator('kept-line')
    await line.getByText(pattern(lang, 'kept.until')).waitFor()
    const run = new URL(page.url()).searchParams.get('run')
    assert.deepEqual([await layoutFaults(page), await barriers(page)], [[], []])

    const other = await visitor(browser, { lang, size, theme: 'light' })
    await other.page.goto(`${server.url}/runs/${run}?lang=${lang}`)
    await other.page.locator('kept-line').getByText(pattern(lang, 'kept.until')).waitFor()
    assert.equal(await other.page.locator('kept-line').getByRole('button').count(), 0, 'it is not theirs')

    const button = key => line.getByRole('button', { name: sentence(lang, key), exact: true })
    await button('kept.delete').click()
    assert.deepEqual([await layoutFaults(page), await barriers(page)], [[], []])
    await page.keyboard.press('Enter')
    await button('kept.delete').waitFor()
    assert.ok((await fetch(`${server.url}/api/runs/${run}`)).ok, 'the first thing to press is to keep it')
    await button('kept.delete').click()
    await button('kept.yes').click()
    await page.getByText(pattern(lang, 'kept.deleted')).waitFor()
    assert.equal(new URL(page.url()).searchParams.get('run'), null)
    assert.ok(await playground.rows.count() > 5, 'what was seen stays')

    const gone = await other.page.reload()
    assert.equal(gone.status(), 410)
    await other.page.getByText(lang === 'zh' ? '已被发起它的人删除' : 'has deleted its recording').waitFor()
    assert.deepEqual(faults, [])
    await other.close()
    await close()
  })
}

test('a run that cannot be kept says why, until when it can be seen, and what keeps it all the same', async () => {
  // A place where root may not write either.
  const readOnly = await Server.start(undefined, '--recordings', '/sys/playground')
  try {
    const { page, faults, close } = await visitor(browser, { lang: 'zh', size: 'phone', theme: 'dark' })
    const playground = await Playground.open(page, readOnly.url, 'exit-codes', { lang: 'zh' })
    await playground.run()
    const line = page.locator('kept-line')
    await line.getByText(pattern('zh', 'kept.not.read_only')).waitFor()
    assert.match(await line.innerText(), pattern('zh', 'kept.memory'))
    assert.equal(await line.getByRole('button').count(), 0, 'there is nothing to delete')
    assert.deepEqual(await layoutFaults(page), [])
    await page.screenshot({ path: 'screenshots/kept-not-zh-phone-dark.png' })
    await playground.button('share.button').click()
    const embeds = page.locator('dialog.sharing .embeds')
    await embeds.getByRole('radio', { name: sentence('zh', 'share.frame.run'), exact: true }).check({ force: true })
    await embeds.getByText(sentence('zh', 'share.frame.run.not')).waitFor()
    assert.deepEqual(faults, [])
    await close()
  } finally {
    await readOnly.stop()
  }
})
