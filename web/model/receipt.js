/**
 * The program's word beside the kernel's: what processes printed of themselves and of each other, and whether the kernel
 * says the same.
 *
 * How it works: programs print what they believe (`os.getpid()`, `p.exitcode`). A number that stands behind a word such as
 * `进程`, `pid`, `ppid` or `exitcode` is a claim. One that speaks of another process of the run is not about the printer.
 */

/** @import { OutputLine, Process, Run } from "./state.js" */

/**
 * What a program says of a process.
 * @typedef {object} Claim
 * @property {"pid" | "parent" | "exit"} about
 * @property {number} said
 * @property {boolean} agrees with the kernel
 * @property {number} seq of the output that says it
 */

const PID = /(?<![\p{L}父])(?:主?进程|pid|process)(?: id)?\s*[:=]?\s*(\d+)/iu;
const PARENT = /(?:父进程|ppid|parent)(?: process| pid)?\s*[:=]?\s*(\d+)/iu;
const EXIT = /(?:退出码|exit ?code)\s*[:=]?\s*(-?\d+)/iu;

/** How many lines of a process are read. */
const LINES = 100;

/** @typedef {{ pid?: number, parent?: number, exit?: number }} Numbers what stands in a line behind such words */

/** Lines never change, so each is searched once. @type {WeakMap<OutputLine, Numbers>} */
const searched = new WeakMap();

/**
 * The numbers of the signals that end processes here: an `exitcode` is minus such a number. signal(7)
 * @type {Readonly<Record<string, number>>}
 */
const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGILL: 4, SIGABRT: 6, SIGBUS: 7, SIGFPE: 8, SIGKILL: 9, SIGUSR1: 10, SIGSEGV: 11, SIGUSR2: 12, SIGPIPE: 13, SIGALRM: 14, SIGTERM: 15 };

/** States never change, so each is searched once. @type {WeakMap<Run, ReadonlyMap<number, readonly Claim[]>>} */
const found = new WeakMap();

/**
 * What was said of each process; of what was said several times, the last word, or the first that is wrong.
 * @param {Run} run
 * @returns {ReadonlyMap<number, readonly Claim[]>} by key of the process that is spoken of
 */
export function claimsOf(run) {
  const known = found.get(run) ?? search(run);
  found.set(run, known);
  return known;
}

/**
 * @param {Run} run
 * @returns {Map<number, Claim[]>}
 */
function search(run) {
  /** @type {Map<number, Claim[]>} */
  const claims = new Map();
  /** @type {Map<number, number>} */
  const read = new Map();
  for (const line of run.output) {
    if (line.process === null) continue;
    const lines = (read.get(line.process) ?? 0) + 1;
    read.set(line.process, lines);
    if (lines > LINES) continue;
    const process = run.processes.at(line.process);
    const numbers = numbersIn(line);
    for (const claim of ofItself(run, process, line.seq, numbers)) note(claims, process.key, claim);
    const other = numbers.exit === undefined ? null : spokenOf(run, process, line.text);
    if (other?.exited && numbers.exit !== undefined) note(claims, other.key, ofEnd(other, line.seq, numbers.exit));
  }
  return claims;
}

/**
 * @param {OutputLine} line
 * @returns {Numbers}
 */
function numbersIn(line) {
  const known = searched.get(line);
  if (known) return known;
  const [pid, parent, exit] = [PID, PARENT, EXIT].map((pattern) => numberIn(line.text, pattern));
  const numbers = { pid, parent, exit };
  searched.set(line, numbers);
  return numbers;
}

/**
 * @param {Map<number, Claim[]>} claims
 * @param {number} key
 * @param {Claim} claim
 */
function note(claims, key, claim) {
  const former = claims.get(key) ?? [];
  const place = former.findIndex(({ about }) => about === claim.about);
  if (place < 0) claims.set(key, [...former, claim]);
  else if (former[place]?.agrees) claims.set(key, former.with(place, claim));
}

/**
 * @param {Run} run
 * @param {Process} process
 * @param {number} seq
 * @param {Numbers} numbers
 * @returns {Claim[]}
 */
function ofItself({ index }, process, seq, { pid, parent }) {
  /** @type {Claim[]} */
  const claims = [];
  const isOfAnother = pid !== process.pid && index.pid.get(pid ?? 0) !== undefined;
  if (pid !== undefined && !isOfAnother) claims.push({ about: "pid", said: pid, agrees: pid === process.pid, seq });
  if (parent !== undefined) claims.push({ about: "parent", said: parent, agrees: parent === process.birthPpid || parent === process.ppid, seq });
  return claims;
}

/**
 * The process whose end a line tells: the printer's child that it names, or whose pid it says.
 * @param {Run} run
 * @param {Process} printer
 * @param {string} text
 * @returns {Process | null}
 */
function spokenOf({ processes }, printer, text) {
  const children = [...processes].filter(({ birthParent, ppid }) => birthParent === printer.key || ppid === printer.pid);
  const words = text.split(/\s+/);
  const byPid = children.findLast(({ pid }) => words.includes(String(pid)));
  return byPid ?? children.findLast(({ label }) => words.includes(label)) ?? null;
}

/**
 * @param {Process} process
 * @param {number} seq
 * @param {number} said
 * @returns {Claim}
 */
function ofEnd({ exited }, seq, said) {
  const kernel = exited?.code ?? -(NUMBERS[exited?.signal ?? ""] ?? 0);
  return { about: "exit", said, agrees: said === kernel, seq };
}

/**
 * @param {string} text
 * @param {RegExp} pattern
 */
function numberIn(text, pattern) {
  const digits = pattern.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
