/**
 * A real blog, built by Hexo with our tag in it, and a host of plain files.
 */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const TOOLS = fileURLToPath(new URL('../../hexo', import.meta.url))
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.xml': 'application/xml', '.jpg': 'image/jpeg', '.png': 'image/png' }

/** Both views, what moves by itself and what does not, parameters. */
export const EMBEDS = ['pool longest:0.6', 'queue view:simple', 'zombie lang:en', 'pipe view:simple start:replay', 'pool-callback workers:2 lang:en', 'barrier theme:dark']

/** NexT's third-party scripts come from the blog itself, PJAX among them. */
const NEXT = `
pjax: true
motion:
  enable: false
vendors:
  internal: local
  fontawesome: /vendors/none.css
  pjax: /vendors/pjax.js
`

/** A folder that goes when the tests end. */
export async function folder() {
  const made = await mkdtemp(path.join(tmpdir(), 'playground-'))
  process.on('exit', () => void rm(made, { recursive: true, force: true }))
  return made
}

/** Where the frames of a blog come from as it is built; who gives its files puts a real address in its place. */
const PLAYGROUND = 'http://playground.test'

/**
 * Builds a blog of two posts: one with all embeds, one with one.
 * @param {'landscape' | 'next'} theme
 * @param {readonly string[]} [embeds] the words of the tags of the first post
 * @param {string} [offline] a run as one file, to lie beside the posts
 * @returns {Promise<string>} the folder of its files
 */
export async function blog(theme, embeds = EMBEDS, offline = '') {
  const base = await folder()
  const post = (title, day, tags) => `---\ntitle: ${title}\ndate: 2026-01-0${day}\n---\n${tags.map(words => `A paragraph before it.\n\n{% playground ${words} %}\n`).join('\n')}`
  await mkdir(path.join(base, 'source/_posts'), { recursive: true })
  await Promise.all([
    copyFile(path.join(TOOLS, 'package.json'), path.join(base, 'package.json')),
    symlink(path.join(TOOLS, 'node_modules'), path.join(base, 'node_modules')),
    writeFile(path.join(base, '_config.yml'), `title: A blog\nurl: http://blog.test\npermalink: :title/\ntheme: ${theme}\nlanguage: zh-CN\nskip_render: playground/**\nsyntax_highlighter:\nfeed:\n  type: atom\n  path: atom.xml\nplayground:\n  server: ${PLAYGROUND}\n  script: true\n`),
    writeFile(path.join(base, '_config.next.yml'), NEXT),
    writeFile(path.join(base, 'source/_posts/six.md'), post('six', 1, embeds)),
    writeFile(path.join(base, 'source/_posts/one.md'), post('one', 2, ['race times:3'])),
    vendors(path.join(base, 'source/vendors')),
    mkdir(path.join(base, 'source/playground')).then(() => writeFile(path.join(base, 'source/playground/own.html'), offline)),
  ])
  await run(process.execPath, [path.join(TOOLS, 'node_modules/hexo/bin/hexo'), 'generate', '--bail'], { cwd: base })
  return path.join(base, 'public')
}

async function vendors(dir) {
  await mkdir(dir, { recursive: true })
  await copyFile(path.join(TOOLS, 'node_modules/@next-theme/pjax/pjax.min.js'), path.join(dir, 'pjax.js'))
  await writeFile(path.join(dir, 'none.css'), '')
  await writeFile(path.join(dir, '../favicon.png'), '')
}

/**
 * What gives the files of a folder, as any host of files does: it says nothing of other origins.
 * @param {string} dir
 * @param {string} [playground] where the frames of a blog come from
 */
export const filesOf = (dir, playground = PLAYGROUND) => (wanted, answer) => {
  const named = path.join(dir, wanted)
  const file = named.endsWith('/') ? path.join(named, 'index.html') : named
  if (!file.startsWith(dir) || !existsSync(file)) return answer.writeHead(404).end()
  const type = TYPES[path.extname(file)] ?? 'application/octet-stream'
  answer.writeHead(200, { 'content-type': type })
  answer.end(/html|xml$/.test(type) ? readFileSync(file, 'utf8').replaceAll(PLAYGROUND, playground) : readFileSync(file))
}
