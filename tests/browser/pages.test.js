/**
 * The pages around a run: the catalogue, addresses that lead nowhere, parameters
 * in the address, and all of it without scripts.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { visitor } from './support/browser.js'
import { layoutFaults, smallTargets } from './support/looks.js'
import { Playground } from './support/playground.js'
import { browser, server } from './support/stage.js'
import { sentence } from './support/words.js'

describe('the catalogue', () => {
  for (const [size, lang, isWalked] of [['laptop', 'zh', true], ['phone', 'en', true], ['laptop', 'en'], ['phone', 'zh']]) {
    test(`${isWalked ? 'leads to every scenario' : 'is well laid out'}: ${size}, ${lang}`, async () => {
      const { page, faults, close } = await visitor(browser, { size, lang })
      await page.goto(`${server.url}/`)
      assert.equal(await page.evaluate(() => document.documentElement.lang), sentence(lang, 'html.lang'), 'from Accept-Language')
      assert.deepEqual(await layoutFaults(page), [])
      for (const { title } of isWalked ? await server.cards(lang) : []) {
        await page.getByRole('link', { name: title, exact: true }).first().click()
        await page.getByRole('heading', { level: 1, name: title }).waitFor()
        await page.goBack()
      }
      assert.deepEqual(faults, [])
      await close()
    })
  }

  test('changes its language by a link, and keeps it on the way on', async () => {
    const { page, close } = await visitor(browser, { lang: 'zh' })
    await page.goto(`${server.url}/`)
    await page.getByRole('link', { name: sentence('zh', 'lang.other'), exact: true }).click()
    await page.getByRole('heading', { name: sentence('en', 'catalogue.lead') }).waitFor()
    assert.equal(new URL(page.url()).searchParams.get('lang'), 'en')
    await page.locator('.cards a').first().click()
    await page.getByRole('button', { name: sentence('en', 'run.run'), exact: true }).waitFor()
    await close()
  })
})

describe('addresses', () => {
  for (const path of ['/scenarios/nothing', '/runs/0123456789abcdef0123456789abcdef', '/nowhere']) {
    test(`${path} is told in words, with a way on`, async () => {
      const { page, close } = await visitor(browser)
      const answer = await page.goto(`${server.url}${path}?lang=en`)
      assert.equal(answer.status(), 404)
      await page.getByRole('heading', { name: sentence('en', 'problem.title') }).waitFor()
      await page.getByRole('link', { name: sentence('en', 'problem.back') }).click()
      await page.getByRole('heading', { name: sentence('en', 'catalogue.lead') }).waitFor()
      await close()
    })
  }

  test('parameters in the address preset the controls, and the run has them', async () => {
    const { page, faults, close } = await visitor(browser)
    const playground = await Playground.open(page, server.url, 'pool', { params: { size: 2, tasks: 3, seed: 7 } })
    await playground.run()
    await playground.says('outcome.completed')
    assert.deepEqual(await playground.counts(), [3, 3, 3], 'main and two workers')
    assert.deepEqual(faults, [])
    await close()
  })

  test('a bad parameter in the address is told where it belongs, and the default stands', async () => {
    const { page, faults, close } = await visitor(browser)
    const playground = await Playground.open(page, server.url, 'pool', { params: { size: 99, dance: 1 } })
    for (const name of ['size', 'dance']) await page.getByText(new RegExp(`${name}.*`)).first().waitFor()
    await page.getByText('1 to 16').or(page.getByText('from 1 to 16')).first().waitFor()
    await playground.run()
    assert.deepEqual(faults, [])
    await close()
  })

  test('what is changed on the page is in its address', async () => {
    const { page, close } = await visitor(browser)
    await Playground.open(page, server.url, 'pool')
    const pool = (await server.cards('en')).find(({ id }) => id === 'pool')
    const { title } = pool.params.properties.size
    await page.getByRole('button', { name: sentence('en', 'controls.less', { name: title }) }).click()
    await page.waitForURL(url => url.searchParams.get('size') === '4')
    await close()
  })
})

test('small screens have targets for fingers', async () => {
  const { page, close } = await visitor(browser, { size: 'phone' })
  await Playground.open(page, server.url, 'queue')
  assert.deepEqual(await smallTargets(page), [])
  await close()
})

test('without scripts a page still says what it is, and shows the program', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' })
  const page = await context.newPage()
  const answer = await page.goto(`${server.url}/scenarios/pool?lang=en`)
  // Chromium parses the page as if scripts ran, so what is for those without them is only in the source.
  assert.ok((await answer.text()).includes(sentence('en', 'noscript')))
  await page.getByRole('heading', { level: 1 }).waitFor()
  assert.match(await page.locator('pre').first().innerText(), /Pool::new/)
  await context.close()
})
