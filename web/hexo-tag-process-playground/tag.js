/**
 * From the words of a tag to HTML: a plain frame that needs no script around it, and a picture with a link for who takes
 * frames out, as readers of feeds do.
 *
 * Such readers take out styles and `hidden` too, so the picture is seen where the frame is not, and nowhere else.
 */
'use strict'

const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/
const NAME = /^[a-z][a-z0-9_]*$/
const RUN = /^[0-9a-f]{32}$/

/** Words of the embed; all others are parameters of the scenario. A scenario may have a parameter `start`, too. */
const WORDS = {
  view: ['full', 'simple'],
  lang: ['zh', 'en', 'auto'],
  theme: ['auto', 'light', 'dark'],
  runtime: ['rust', 'python', 'program'],
}
/** Those that `_config.yml` may set for the whole site. */
const OF_SITE = ['view', 'lang', 'theme', 'start']
const STARTS = ['click', 'auto', 'replay']
/** How high a frame is where no script fits it, in pixels. */
const HEIGHTS = { full: 660, simple: 500 }

/**
 * The settings of a site.
 * @param {{ playground?: Record<string, unknown> }} config of `_config.yml`
 * @returns {{ server: string, defaults: [string, string][], height: number | null }}
 */
function settingsOf({ playground = {} }) {
  const { server } = playground ?? {}
  if (typeof server !== 'string' || !/^https?:\/\/[^\s"'<>?#]+$/.test(server)) {
    throw new Error('the tag "playground" needs the address of a playground: in _config.yml, under "playground:", set "server:"')
  }
  const defaults = OF_SITE.filter(name => playground[name] !== undefined).map(name => /** @type {[string, string]} */ ([name, String(playground[name])]))
  defaults.forEach(check)
  return { server: server.endsWith('/') ? server : `${server}/`, defaults, height: playground.height === undefined ? null : heightOf(String(playground.height)) }
}

/**
 * @param {readonly string[]} words as `['pool', 'size:3', 'view:simple']`
 * @param {ReturnType<typeof settingsOf>} settings
 * @returns {string} HTML
 */
function render([id, ...words], settings) {
  if (id === undefined) throw new Error('the tag "playground" needs a scenario, as {% playground pool %}')
  if (!ID.test(id)) throw new Error(`the tag "playground" begins with the id of a scenario, as "pool", not "${id}"`)
  const given = words.map(pairOf)
  given.forEach(check)
  const named = new Set(given.map(([name]) => name))
  const wishes = [...settings.defaults.filter(([name]) => !named.has(name)), ...given]
  const own = name => wishes.find(([other]) => other === name)?.[1]
  const height = own('height') === undefined ? settings.height : heightOf(own('height'))
  const query = new URLSearchParams(wishes.filter(([name]) => name !== 'height' && name !== 'title'))
  const base = `${settings.server}embed/v1/${id}/`
  const address = query.size > 0 || String(query) !== '' ? `${base}?${query}` : base
  const lang = own('lang') === 'en' ? 'en' : 'zh'
  const title = own('title') ?? (lang === 'en' ? `Process Playground: ${id}` : `进程实验台：${id}`)
  return frame({ address, picture: `${base}poster.${lang}.svg`, title, theme: own('theme') ?? 'auto', height: height ?? HEIGHTS[own('view') ?? 'full'] })
}

/**
 * The frame says its scheme, for a browser puts an opaque ground behind a page whose scheme is another than its frame's.
 * @param {{ address: string, picture: string, title: string, theme: string, height: number }} shown
 */
function frame({ address, picture, title, theme, height }) {
  const [src, img, words] = [address, picture, title].map(escaped)
  return `<iframe class="process-playground" src="${src}" title="${words}" width="100%" height="${height}" loading="lazy" sandbox="allow-scripts allow-popups" style="border:0;color-scheme:${theme === 'auto' ? 'light dark' : theme}"></iframe>`
    + `<a class="process-playground-picture" href="${src}" hidden style="display:none"><img src="${img}" alt="${words}" loading="lazy"></a>`
}

/** @param {string} word @returns {[string, string]} */
function pairOf(word) {
  const at = word.indexOf(':')
  const [name, value] = [word.slice(0, at), word.slice(at + 1)]
  if (at < 1 || value === '' || !NAME.test(name)) throw new Error(`the tag "playground" takes words as "size:3", not "${word}"`)
  return [name, value]
}

/**
 * @param {[string, string]} pair
 * @param {number} place
 * @param {[string, string][]} all
 */
function check([name, value], place, all) {
  const known = WORDS[name]
  if (known && !known.includes(value)) throw new Error(`the tag "playground": ${name} is one of ${known.join(', ')}, not "${value}"`)
  if (name === 'height') heightOf(value)
  if (name === 'run' && !RUN.test(value)) throw new Error(`the tag "playground": run is the id of a run, 32 hexadecimal digits, not "${value}"`)
  if (name === 'seed' && !/^\d{1,15}$/.test(value)) throw new Error(`the tag "playground": seed is a whole number, not "${value}"`)
  const isSame = ([other, of]) => other === name && (name !== 'start' || STARTS.includes(of) === STARTS.includes(value))
  if (all.findIndex(isSame) < place) throw new Error(`the tag "playground": ${name} is said twice`)
}

/** @param {string} text */
function heightOf(text) {
  const height = Number(text)
  if (!Number.isInteger(height) || height < 200 || height > 2000) throw new Error(`the tag "playground": height is 200 to 2000 pixels, not "${text}"`)
  return height
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"']/g, letter => `&#${letter.charCodeAt(0)};`)
}

module.exports = { render, settingsOf }
