/**
 * Run inside the page before its modules: a watch on its frames and on its socket, and for what no real run can be here
 * (as fast as one likes, as long as one likes) a stand-in for the socket. All else is the real page.
 */

/** The frames of a stand-in's log are as long as the server's batches. */
const BATCH = 500

/** How the page is made ready: with a stand-in, or with the server's own socket. */
export const STAND_IN = { batch: BATCH, isReal: false }
export const REAL = { batch: BATCH, isReal: true }

/** @param {{ batch: number, isReal: boolean }} setting */
export function watch({ batch, isReal }) {
  const bench = { socket: null, frames: [], script: 0, began: 0, heard: null, shown: null }
  globalThis.bench = bench

  class StandInSocket {
    onopen = null
    onmessage = null
    onclose = null

    constructor() {
      bench.socket = this
      setTimeout(() => this.onopen?.())
    }

    send(text) {
      const { id } = JSON.parse(text)
      setTimeout(() => this.onmessage?.({ data: JSON.stringify({ id, ok: { run: 'bench' } }) }))
    }

    close() {}
  }

  /** The real one, whose messages count as script of the frame they come in. */
  class WatchedSocket extends WebSocket {
    set onmessage(act) {
      super.onmessage = event => {
        if (event.data.includes('"events":')) bench.heard ??= performance.now()
        bench.counted(() => act(event))
      }
    }
  }
  globalThis.WebSocket = isReal ? WatchedSocket : StandInSocket

  /** Hands the page lines of the log, as text, a batch a frame. */
  bench.deliver = lines => {
    for (let first = 0; first < lines.length; first += batch) {
      bench.socket.onmessage({ data: `{"run":"bench","events":[${lines.slice(first, first + batch).join(',')}]}` })
    }
  }

  const request = globalThis.requestAnimationFrame.bind(globalThis)
  const channel = new MessageChannel()
  channel.port1.onmessage = () => {
    bench.frames.push({ at: bench.began, script: bench.script, busy: performance.now() - bench.began })
    bench.began = 0
    bench.script = 0
    if (document.body.dataset.mode === 'finished') bench.shown ??= performance.now()
  }
  /** A frame is from its first callback to the first message after it: script, layout and paint of this thread. */
  globalThis.requestAnimationFrame = act => request(now => {
    const start = performance.now()
    if (bench.began === 0) {
      bench.began = start
      channel.port2.postMessage(null)
    }
    act(now)
    bench.script += performance.now() - start
  })

  /** Waits for the next frame to be over, and is itself no part of the page's script. */
  const own = new MessageChannel()
  const waiting = []
  own.port1.onmessage = () => waiting.shift()(performance.now())
  bench.frame = () => new Promise(resolve => request(() => {
    waiting.push(resolve)
    own.port2.postMessage(null)
  }))

  /** Counts the time of something towards the present frame's script. */
  bench.counted = act => {
    const start = performance.now()
    act()
    bench.script += performance.now() - start
  }
}
