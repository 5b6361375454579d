/**
 * Which lane belongs to whom: processes in the order of the tree at birth, each queue between those who put and those
 * who get, each lock, semaphore, barrier and shared value below those who use it. The parent at birth decides, so that a
 * lane does not jump when an orphan is adopted.
 */

/** @import { Queue, Run, SharedVariable } from "../../model/state.js" */

/** @typedef {{ kind: "process", key: number, depth: number, top: number, height: number }} ProcessLane */
/** @typedef {{ kind: "queue", key: number, top: number, height: number }} QueueLane */
/** @typedef {{ kind: "sync" | "shared", key: number, top: number, height: number }} PoolLane */
/** @typedef {ProcessLane | QueueLane | PoolLane} Lane */
/** @typedef {{ kind: "queue" | "sync" | "shared", key: number }} River what flows below a process's lane */

/**
 * @typedef {object} Layout
 * @property {readonly Lane[]} lanes from top to bottom
 * @property {ReadonlyMap<number, ProcessLane>} ofProcess
 * @property {ReadonlyMap<number, QueueLane>} ofQueue
 * @property {number} height of all lanes
 */

export const PROCESS_HEIGHT = 32;
export const QUEUE_HEIGHT = 72;
export const POOL_HEIGHT = 46;
/** Of locks and shared values so many have lanes; all stand in their panels. */
const MOST_POOLS = 8;
/** The kinds that have a lane: what one has, or passes together. */
const SHOWN = ["lock", "semaphore", "barrier"];
/** Few lanes are at most this much higher, to fill their room. */
const STRETCH = 1.4;

/** The lanes of a state, found once for all frames that show it. */
export class Lanes {
  /** @type {{ run: Run, room: number, layout: Layout } | null} */
  #known = null;

  /**
   * @param {Run} run the latest state
   * @param {number} room the height that lanes may fill
   * @returns {Layout}
   */
  of(run, room) {
    if (this.#known?.run !== run || this.#known.room !== room) this.#known = { run, room, layout: layout(run, room) };
    return this.#known.layout;
  }
}

/**
 * @param {Run} run the latest state
 * @param {number} [room] the height that lanes may fill
 * @returns {Layout}
 */
export function layout(run, room = 0) {
  const order = familyOrder(run);
  const places = new Map(order.map(({ key }, place) => [key, place]));
  /** @type {River[][]} What flows below each process. */
  const below = order.map(() => []);
  for (const queue of run.queues) below[placeOf(queue, places)]?.push({ kind: "queue", key: queue.key });
  const pools = poolsOf(run);
  for (const { kind, key, users } of pools) below[Math.max(0, ...users.map((user) => places.get(user) ?? 0))]?.push({ kind, key });
  const least = run.processes.length * PROCESS_HEIGHT + run.queues.length * QUEUE_HEIGHT + pools.length * POOL_HEIGHT;
  return stacked(order, below, Math.min(Math.max(room / Math.max(least, 1), 1), STRETCH));
}

/**
 * @param {readonly { key: number, depth: number }[]} order
 * @param {readonly (readonly River[])[]} below
 * @param {number} stretch
 * @returns {Layout}
 */
function stacked(order, below, stretch) {
  const processHeight = Math.floor(PROCESS_HEIGHT * stretch);
  const riverHeight = { queue: Math.floor(QUEUE_HEIGHT * stretch), sync: POOL_HEIGHT, shared: POOL_HEIGHT };
  /** @type {Lane[]} */
  const lanes = [];
  const ofProcess = new Map();
  const ofQueue = new Map();
  let top = 0;
  order.forEach(({ key, depth }, place) => {
    const lane = /** @type {ProcessLane} */ ({ kind: "process", key, depth, top, height: processHeight });
    lanes.push(lane);
    ofProcess.set(key, lane);
    top += processHeight;
    for (const { kind, key: riverKey } of below[place] ?? []) {
      const river = /** @type {QueueLane | PoolLane} */ ({ kind, key: riverKey, top, height: riverHeight[kind] });
      lanes.push(river);
      if (river.kind === "queue") ofQueue.set(riverKey, river);
      top += river.height;
    }
  });
  return { lanes, ofProcess, ofQueue, height: top };
}

/**
 * The locks and the like that somebody used, and the shared values.
 * @param {Run} run
 * @returns {{ kind: "sync" | "shared", key: number, users: readonly number[] }[]}
 */
function poolsOf({ objects, shared }) {
  const things = [...objects].filter(({ kind, users }) => SHOWN.includes(kind) && users.length > 0);
  return [
    ...things.map(({ key, users }) => ({ kind: /** @type {const} */ ("sync"), key, users })),
    ...[...shared].map((variable) => ({ kind: /** @type {const} */ ("shared"), key: variable.key, users: writersOf(variable) })),
  ].slice(0, MOST_POOLS);
}

/**
 * Who wrote a shared value; of very many writes the last are asked.
 * @param {SharedVariable} variable
 */
function writersOf({ history }) {
  const writers = [...history.from(history.length - 64)].flatMap(({ process }) => process ?? []);
  return [...new Set(writers)];
}

/**
 * Parents above their children, siblings in order of birth.
 * @param {Run} run
 * @returns {{ key: number, depth: number }[]}
 */
function familyOrder(run) {
  /** @type {Map<number | null, number[]>} */
  const born = new Map();
  for (const { key, birthParent } of run.processes) {
    const siblings = born.get(birthParent);
    if (siblings) siblings.push(key);
    else born.set(birthParent, [key]);
  }
  /** @type {{ key: number, depth: number }[]} */
  const order = [];
  const waiting = (born.get(null) ?? []).map((key) => ({ key, depth: 0 })).reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    order.push(next);
    const { key, depth } = next;
    for (const child of [...(born.get(key) ?? [])].reverse()) waiting.push({ key: child, depth: depth + 1 });
  }
  return order;
}

/**
 * The process below which a queue flows: the last one that puts, above all that only get.
 * @param {Queue} queue
 * @param {ReadonlyMap<number, number>} places
 * @returns {number}
 */
function placeOf(queue, places) {
  const getters = queue.getters.filter((key) => !queue.putters.includes(key));
  const firstGetter = Math.min(...getters.map((key) => places.get(key) ?? 0));
  const above = queue.putters.map((key) => places.get(key) ?? 0).filter((place) => place < firstGetter);
  if (above.length > 0) return Math.max(...above);
  if (firstGetter !== Infinity) return Math.max(0, firstGetter - 1);
  return places.get(queue.created?.process ?? 0) ?? 0;
}
