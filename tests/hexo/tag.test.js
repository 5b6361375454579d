/** What the tag becomes, and what it says of mistakes. */
'use strict'

const assert = require('node:assert/strict')
const { test } = require('node:test')
const { render, settingsOf } = require('../../web/hexo-tag-process-playground/tag.js')

const settings = (more = {}) => settingsOf({ playground: { server: 'http://play.test', ...more } })
const source = html => /iframe[^>]* src="([^"]*)"/.exec(html)[1].replaceAll('&#38;', '&')

test('a scenario becomes a lazy frame in a sandbox, with a title and a height', () => {
  const html = render(['pool'], settings())
  assert.equal(source(html), 'http://play.test/embed/v1/pool/')
  for (const part of ['loading="lazy"', 'sandbox="allow-scripts allow-popups"', 'title="进程实验台：pool"', 'height="660"']) assert.ok(html.includes(part), part)
})

test('words become the address, and a simple view is lower', () => {
  const html = render(['pool', 'workers:3', 'view:simple', 'lang:en', 'start:replay'], settings())
  assert.equal(source(html), 'http://play.test/embed/v1/pool/?workers=3&view=simple&lang=en&start=replay')
  assert.ok(html.includes('height="500"') && html.includes('title="Process Playground: pool"'))
})

test('height and title are the frame\'s own', () => {
  const html = render(['pool', 'height:320', 'title:A "pool" <b>'], settings())
  assert.equal(source(html), 'http://play.test/embed/v1/pool/')
  assert.ok(html.includes('height="320"') && html.includes('title="A &#34;pool&#34; &#60;b&#62;"'))
})

test('the site says what holds unless a tag says otherwise', () => {
  const site = settings({ theme: 'dark', lang: 'zh', height: 400 })
  assert.equal(source(render(['queue', 'theme:light'], site)), 'http://play.test/embed/v1/queue/?lang=zh&theme=light')
  assert.ok(render(['queue'], site).includes('height="400"'))
})

test('a scenario may have a parameter that is called as a word of the embed', () => {
  assert.equal(source(render(['start-methods', 'start:spawn', 'start:auto'], settings())), 'http://play.test/embed/v1/start-methods/?start=spawn&start=auto')
})

test('readers of feeds get a picture with a link, which a page does not show', () => {
  const html = render(['pool', 'lang:en'], settings())
  assert.match(html, /<a [^>]*href="http:\/\/play\.test\/embed\/v1\/pool\/\?lang=en" hidden style="display:none"><img src="http:\/\/play\.test\/embed\/v1\/pool\/poster\.en\.svg" alt=/)
})

for (const [words, says] of [
  [[], /needs a scenario/],
  [['Pool!'], /id of a scenario.*Pool!/],
  [['pool', 'workers'], /as "size:3", not "workers"/],
  [['pool', 'workers:'], /"workers:"/],
  [['pool', 'view:huge'], /view is one of full, simple, not "huge"/],
  [['pool', 'height:9'], /200 to 2000/],
  [['pool', 'run:1'], /32 hexadecimal/],
  [['pool', 'seed:x'], /whole number/],
  [['pool', 'size:1', 'size:2'], /size is said twice/],
  [['pool', 'start:auto', 'start:click'], /start is said twice/],
]) {
  test(`a mistake is told: ${words.join(' ') || 'nothing'}`, () => assert.throws(() => render(words, settings()), says))
}

test('without a server, or with one that is none, it says where to set it', () => {
  for (const playground of [undefined, null, {}, { server: 3 }, { server: 'play.test' }, { server: 'http://a"b' }]) {
    assert.throws(() => settingsOf({ playground: playground ?? undefined }), /_config\.yml/)
  }
  assert.throws(() => settings({ theme: 'pink' }), /theme is one of/)
})
