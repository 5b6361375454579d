/** What an embed's address wishes, and the socket that shows a pass. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readWishes } from '../../web/pages/embed/boot.js'
import { AdmittedSocket } from '../../web/sources/admitted.js'

const card = {
  id: 'start-methods',
  sources: [{ runtime: 'rust' }, { runtime: 'python' }],
  params: [
    { name: 'start', type: 'choice', options: [{ value: 'fork' }, { value: 'spawn' }], default: 'fork' },
    { name: 'size', type: 'integer', min: 1, max: 16, default: 5 },
    { name: 'pause', type: 'number', min: 0, max: 2, default: 1 },
    { name: 'join', type: 'boolean', default: true },
    { name: 'title', type: 'text', max_chars: 3, default: 'x' },
  ],
}
const wishes = search => readWishes(card, search)
const nowhere = { period: null, time: null, event: null, marks: [] }

describe('the address of an embed', () => {
  test('says nothing: the recording, in full, and nothing moves by itself', () => {
    assert.deepEqual(wishes(''), { view: 'full', start: 'click', run: null, runtime: null, seed: null, params: {}, lang: null, moment: nowhere })
  })

  test('says all there is', () => {
    const run = '0123456789abcdef'.repeat(2)
    assert.deepEqual(wishes(`?view=simple&start=replay&run=${run}&runtime=python&seed=7&lang=zh&size=3&pause=0.5&join=false&title=小红`),
      { view: 'simple', start: 'replay', run, runtime: 'python', seed: 7, params: { size: 3, pause: 0.5, join: false, title: '小红' }, lang: 'zh', moment: nowhere })
  })

  test('has one word for two things where a scenario has a parameter of that name', () => {
    const { start, params } = wishes('?start=spawn&start=auto')
    assert.deepEqual([start, params], ['auto', { start: 'spawn' }])
  })

  test('names a moment, unless its words are those of a parameter', () => {
    assert.deepEqual(wishes('?t=1.25&event=17').moment, { ...nowhere, time: 1_250_000, event: 17 })
    assert.deepEqual(wishes('?t=0.5-2').moment.period, { start: 500_000, end: 2_000_000 })
    const own = { ...card, params: [{ name: 't', type: 'integer', min: 0, max: 9, default: 0 }] }
    const { params, moment } = readWishes(own, '?t=3')
    assert.deepEqual([params, moment], [{ t: 3 }, nowhere])
  })

  test('says what is not understood: it is as if it were not there', () => {
    assert.deepEqual(wishes('?view=huge&start=now&run=../x&runtime=perl&seed=1e3&lang=auto&size=99&pause=&join=1&title=long&x=1'), wishes(''))
  })
})

describe('a socket that shows a pass', () => {
  const given = () => {
    const told = []
    let settle
    const inner = { send: text => told.push(`send ${text}`), close: () => inner.onclose('closed') }
    const socket = new AdmittedSocket({
      pass: () => new Promise((resolve, reject) => (settle = { resolve, reject })),
      refused: () => told.push('refused'),
      open: pass => (told.push(`open ${pass}`), inner),
    })
    socket.onopen = () => told.push('opened')
    socket.onmessage = ({ data }) => told.push(`message ${data}`)
    socket.onclose = () => told.push('closed')
    return { told, inner, socket, settle: async (how, what) => (settle[how](what), await null, await null) }
  }

  test('opens when it has one, and is then a socket as any', async () => {
    const { told, inner, socket, settle } = given()
    await settle('resolve', 'p')
    inner.onopen()
    socket.send('x')
    inner.onmessage({ data: 'y' })
    inner.onclose()
    assert.deepEqual(told, ['open p', 'opened', 'send x', 'message y', 'closed'])
  })

  test('throws a pass away that did not open', async () => {
    const { told, inner, settle } = given()
    await settle('resolve', 'p')
    inner.onclose()
    assert.deepEqual(told, ['open p', 'refused', 'closed'])
  })

  test('ends without a pass', async () => {
    const { told, settle } = given()
    await settle('reject', new Error('no server'))
    assert.deepEqual(told, ['closed'])
  })

  test('does not open when it was closed meanwhile, and says once that it ended', async () => {
    const { told, socket, settle } = given()
    socket.close()
    await settle('resolve', 'p')
    socket.close()
    assert.deepEqual(told, ['closed'])
  })
})
