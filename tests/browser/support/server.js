/**
 * The real server, on a free port: started, ended, killed, started again where it was.
 * `PLAYGROUND_BINARY` names the program; `tests/run` sets it.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const BINARY = process.env.PLAYGROUND_BINARY

/** A running server. */
export class Server {
  /**
   * @param {string} [listen] address and port; a free port unless told
   * @param {...string} more arguments
   */
  static async start(listen = '127.0.0.1:0', ...more) {
    const recordings = mkdtempSync(join(tmpdir(), 'playground-test-'))
    process.on('exit', () => rmSync(recordings, { recursive: true, force: true }))
    return Server.#startWith(recordings, listen, ...more)
  }

  /** @param {string} recordings where runs are kept, also for those who come after it */
  static async #startWith(recordings, listen, ...more) {
    if (!BINARY) throw new Error('PLAYGROUND_BINARY must name the built program; tests/run browser does')
    const environment = Object.entries(process.env).filter(([name]) => !name.startsWith('PLAYGROUND_'))
    const child = spawn(BINARY, ['serve', '--listen', listen, ...more], {
      env: { ...Object.fromEntries(environment), PLAYGROUND_RECORDINGS: recordings },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /http:\/\/[^\s/]+/.exec(line)?.[0]
      if (url) return new Server(child, url, recordings)
    }
    throw new Error(`the server ended before it told its address (status ${child.exitCode})`)
  }

  constructor(child, url, recordings) {
    this.child = child
    this.recordings = recordings
    /** As `http://127.0.0.1:4711`. */
    this.url = url
  }

  /** Ends it as an operator does. */
  async stop() {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit')
      this.child.kill('SIGTERM')
      await ended
    }
  }

  /** Another one at the same address. */
  restarted() {
    return Server.#startWith(this.recordings, new URL(this.url).host)
  }

  /**
   * The cards of all scenarios.
   * @param {'zh' | 'en'} lang
   */
  async cards(lang) {
    const answer = await fetch(`${this.url}/api/scenarios?lang=${lang}`)
    return answer.json()
  }
}
