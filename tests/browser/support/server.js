/**
 * The real server, on a free port: started, ended, killed, started again where it was.
 * `PLAYGROUND_BINARY` names the program; `tests/run` sets it.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

const BINARY = process.env.PLAYGROUND_BINARY

/** A running server. */
export class Server {
  /**
   * @param {string} [listen] address and port; a free port unless told
   * @param {...string} more arguments
   */
  static async start(listen = '127.0.0.1:0', ...more) {
    if (!BINARY) throw new Error('PLAYGROUND_BINARY must name the built program; tests/run browser does')
    const environment = Object.entries(process.env).filter(([name]) => !name.startsWith('PLAYGROUND_'))
    const child = spawn(BINARY, ['serve', '--listen', listen, ...more], {
      env: Object.fromEntries(environment),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /http:\/\/[^\s/]+/.exec(line)?.[0]
      if (url) return new Server(child, url)
    }
    throw new Error(`the server ended before it told its address (status ${child.exitCode})`)
  }

  constructor(child, url) {
    this.child = child
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
    return Server.start(new URL(this.url).host)
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
