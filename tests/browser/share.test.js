/**
 * What a reader gives away: links that lead back to what was seen, code whose frame runs, files; by mouse, by keyboard,
 * on a phone.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { barriers } from './support/axe.js'
import { visitor } from './support/browser.js'
import { layoutFaults, smallTargets } from './support/looks.js'
import { Playground } from './support/playground.js'
import { browser, server } from './support/stage.js'
import { pattern, sentence } from './support/words.js'

const SCREENSHOTS = fileURLToPath(new URL('screenshots/', import.meta.url))

/** Opens the dialog of a scenario's page. */
async function opened(as, params = {}, prepare = async () => {}) {
  const { page, faults, close } = await visitor(browser, as)
  const playground = await Playground.open(page, server.url, 'pool', { lang: as.lang, params })
  await prepare(playground)
  await playground.button('share.button').click()
  const dialog = page.getByRole('dialog', { name: sentence(as.lang, 'share.title') })
  await dialog.waitFor()
  return { page, playground, dialog, faults, close, say: key => sentence(as.lang, key) }
}

/** Waits until the QR code is drawn. */
function codeIsThere(dialog) {
  return dialog.locator('.qr').evaluate(image => image.decode().then(() => image.naturalWidth > 0))
}

describe('sharing', () => {
  for (const [lang, theme, size] of [['zh', 'light', 'phone'], ['en', 'dark', 'laptop'], ['zh', 'dark', 'laptop'], ['en', 'light', 'phone']]) {
    test(`looks right and has no barrier: ${lang}, ${theme}, ${size}`, async () => {
      const { page, dialog, faults, close, say } = await opened({ lang, theme, size })
      assert.ok(await codeIsThere(dialog))
      await dialog.getByText(say('share.preview'), { exact: true }).click()
      await page.frameLocator('dialog.sharing iframe').locator('process-timeline').waitFor()
      assert.deepEqual(await layoutFaults(page), [])
      assert.deepEqual(await smallTargets(page), [])
      assert.deepEqual(await barriers(page), [])
      await page.screenshot({ path: `${SCREENSHOTS}share-${lang}-${theme}-${size}.png` })
      assert.deepEqual(faults, [])
      await close()
    })
  }

  test('a link leads to the run, or to its parameters, at the moment one looks at', async () => {
    const run = async playground => {
      await playground.run()
      await playground.says('outcome.completed')
      await playground.button('scrub.back').click()
    }
    const { page, dialog, close, say } = await opened({ lang: 'en' }, { size: 2, longest: 0.2 }, run)
    const link = dialog.getByRole('textbox', { name: say('share.link') })
    const id = new URL(page.url()).searchParams.get('run')
    assert.equal(await link.inputValue(), `${server.url}/runs/${id}`)
    await dialog.locator('.links').getByText(say('share.moment'), { exact: true }).click()
    const moment = await link.inputValue()
    assert.match(moment, new RegExp(`/runs/${id}\\?t=[0-9.]+$`))
    await dialog.getByRole('radio', { name: say('share.what.scenario'), exact: true }).check({ force: true })
    assert.match(await link.inputValue(), /\/scenarios\/pool\?longest=0\.2&size=2&t=|\/scenarios\/pool\?size=2&longest=0\.2&t=/)
    assert.ok(await codeIsThere(dialog))
    await page.goto(moment)
    const again = new Playground(page, 'en')
    await again.becomes(() => document.body.dataset.mode === 'replay')
    await close()
  })

  test('a post is offered what lasts; this run besides, with its end, and as a file that needs no server', async () => {
    const run = async playground => {
      await playground.run()
      await playground.says('outcome.completed')
      await playground.page.locator('kept-line').getByText(pattern('en', 'kept.until')).waitFor()
      await playground.button('scrub.back').click()
    }
    const { page, playground, dialog, close, say } = await opened({ lang: 'en' }, { size: 2, tasks: 2, longest: 0.1 }, run)
    const id = new URL(page.url()).searchParams.get('run')
    const code = dialog.getByRole('textbox', { name: say('share.code') })
    const choose = key => dialog.locator('.embeds').getByRole('radio', { name: say(key), exact: true }).check({ force: true })
    assert.match(await code.inputValue(), /\/embed\/v1\/pool\?(?!.*run=).*size=2/)
    await dialog.getByText(say('share.frame.scenario.hint')).waitFor()
    await choose('share.frame.run')
    assert.match(await code.inputValue(), new RegExp(`run=${id}`))
    await dialog.getByText(pattern('en', 'share.frame.run.until')).waitFor()
    await choose('share.code.file')
    await dialog.locator('.embeds').getByRole('checkbox', { name: say('share.moment') }).check()
    const name = `pool-${id.slice(0, 8)}.html`
    const moment = new RegExp(`<iframe class="process-playground" src="${name}\\?lang=en&amp;t=([0-9.]+)"`).exec(await code.inputValue())[1]
    const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('link', { name: say('share.frame.download') }).click()])
    assert.equal(download.suggestedFilename(), name)
    const post = await mkdtemp(path.join(tmpdir(), 'playground-'))
    await download.saveAs(path.join(post, name))
    await writeFile(path.join(post, 'post.html'), `<meta charset="utf-8"><script src="${server.url}/embed/v1/host.js" async></script>${await code.inputValue()}`)
    await playground.page.goto(pathToFileURL(path.join(post, 'post.html')).href)
    const embed = page.frameLocator('iframe')
    await embed.locator('[data-mode="replay"] process-tree [role=treeitem]').nth(3).waitFor()
    await embed.getByText(new RegExp(`^${Number(moment).toFixed(2)} / `)).waitFor()
    // The script for the page around fits its height, as it does for an embed from a server.
    await page.waitForFunction(() => document.querySelector('iframe').style.height !== '660px')
    await rm(post, { recursive: true })
    await close()
  })

  test('by keyboard alone: opened, copied, closed, and the focus is where it was', async () => {
    const { page, dialog, close, say } = await opened({ lang: 'en', more: { permissions: ['clipboard-read', 'clipboard-write'] } })
    const copy = dialog.getByRole('button', { name: say('share.copy'), exact: true }).first()
    await copy.focus()
    await page.keyboard.press('Enter')
    await dialog.getByRole('button', { name: say('share.copied'), exact: true }).waitFor()
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${server.url}/scenarios/pool`)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'share')
    await close()
  })

  test('the code is of the kind and with the options that one chooses, and each kind is explained', async () => {
    const { page, dialog, close, say } = await opened({ lang: 'zh' })
    const code = dialog.getByRole('textbox', { name: say('share.code') })
    const begins = { iframe: '<iframe src="', hexo: '{% playground pool ', file: '<iframe class="process-playground" src="pool-recorded.html?lang=zh"', markdown: '[![进程池](', oembed: `${server.url}/oembed?` }
    for (const [kind, begin] of Object.entries(begins)) {
      await dialog.getByRole('radio', { name: say(`share.code.${kind}`), exact: true }).check({ force: true })
      assert.ok((await code.inputValue()).startsWith(begin), `${kind}: ${await code.inputValue()}`)
      await dialog.getByText(say(`share.code.${kind}.hint`)).waitFor()
    }
    const player = await (await fetch(await code.inputValue())).json()
    assert.match(player.html, /^<iframe src="[^"]+\/embed\/v1\/pool\?lang=zh"/)
    await dialog.getByRole('radio', { name: say('share.view.simple'), exact: true }).check({ force: true })
    await dialog.getByRole('radio', { name: say('share.code.iframe'), exact: true }).check({ force: true })
    assert.match(await code.inputValue(), /view=simple.*height:500px/)
    await dialog.getByText(say('share.preview'), { exact: true }).click()
    const frame = page.frameLocator('dialog.sharing iframe')
    await frame.locator('process-timeline').waitFor()
    await close()
  })

  test('every file is there, with a name', async () => {
    const { dialog, close } = await opened({ lang: 'zh' })
    const files = await dialog.locator('.files a').evaluateAll(links => links.map(link => link.href))
    assert.equal(files.length, 8)
    for (const file of files) {
      const answer = await fetch(file)
      assert.equal(answer.status, 200, file)
      assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; filename="pool-/, file)
      assert.ok((await answer.arrayBuffer()).byteLength > 100, file)
    }
    await close()
  })
})
