/**
 * What is known of a run after some of its events: the types, and their values before anything is known.
 *
 * Everything here is plain data that never changes; `run.js` makes the next state from the former one. Processes,
 * tasks, queues, items and so on are named by their **key**: their place in the run's list of them, which is the order
 * in which they first appeared. A key stays unambiguous when the kernel gives a pid a second time. Times are whole
 * microseconds since the run began, as in the log.
 */

import { NumberMap } from "../base/number-map.js";
import { Vector } from "../base/vector.js";

/** @import { At, Event, How, JsonValue, Op, Role, RunFinished, RunStarted } from "../protocol.js" */
/** @import { State, Stream, SyncKind, Truncated } from "../protocol.js" */

/**
 * When something happened, and to whom.
 * @typedef {object} Moment
 * @property {number} t
 * @property {number} seq the event's
 * @property {number | null} process key; null for the supervisor or where nobody is named
 * @property {At | null} at the line that caused it
 */

/**
 * What a process is doing, for display. `starting`: born, and nothing heard of it yet; `exited`: gone for its peers;
 * `zombie`: its status waits to be read; `reaped`: it was.
 * @typedef {"starting" | "running" | "waiting" | "stopped" | "exited" | "zombie" | "reaped"} ProcessState
 */

/**
 * What a process waits for: a queue, a lock or the like (the program's word), or what `/proc` says.
 * @typedef {{ on: "queue", queue: number, op: Op, since: number }
 *   | { on: "sync", object: number, since: number }
 *   | { on: "kernel", words: string, since: number }} Waiting
 */

/**
 * A time during which a process could not go on. `end` is null while it lasts.
 * @typedef {object} Wait
 * @property {"queue" | "sync"} on
 * @property {number} key of the queue or the sync object
 * @property {Op | null} op for a queue
 * @property {number} start
 * @property {number | null} end
 * @property {"done" | "timeout" | "died" | null} outcome
 * @property {number} seq of the event that began it
 */

/** @typedef {{ start: number, end: number | null, signal: string, seq: number }} Stop a time in which it was stopped */

/**
 * A signal that reached a process.
 * @typedef {object} Signal
 * @property {number} t
 * @property {number} seq
 * @property {string} signal as `SIGTERM`
 * @property {number | null} from key of the sender
 * @property {number | null} fromPid pid of the sender; null for a visitor, 0 for the kernel
 */

/**
 * What the sampler saw of a process.
 * @typedef {object} Sample
 * @property {number} t
 * @property {State} state
 * @property {number} cpu_us processor time so far
 * @property {number} rss_kib
 * @property {number | null} private_kib the last known
 * @property {string | null} waiting what it is blocked in, in words
 */

/** @typedef {{ t: number, seq: number, value: JsonValue }} Assignment */
/** @typedef {{ name: string, value: JsonValue, t: number, seq: number, history: Vector<Assignment> }} Variable */
/** @typedef {{ t: number, seq: number, code: number | null, signal: string | null }} Exit one of the two */
/** @typedef {{ t: number, seq: number, user_us: number, sys_us: number, max_rss_kib: number }} Zombie */

/**
 * When and by whom the status of a process was read.
 * @typedef {object} Reaped
 * @property {number} t
 * @property {number} seq
 * @property {number} by pid
 * @property {number | null} process its key; null for the supervisor
 */

/**
 * @typedef {object} Process
 * @property {number} key place in order of birth
 * @property {number} pid
 * @property {number} colour the same wherever it is shown: `--process-0` … `--process-11`
 * @property {string} label name, else program, else pid
 * @property {string | null} name
 * @property {Role | null} role
 * @property {How} how
 * @property {string | null} exe
 * @property {readonly string[]} argv
 * @property {number} birthPpid pid of the parent at birth
 * @property {number | null} birthParent its key; null for the supervisor
 * @property {number} ppid pid of the parent now
 * @property {number | null} parent its key; null for the supervisor
 * @property {readonly number[]} children keys of the children it has now, in order of birth
 * @property {{ t: number, seq: number }} started
 * @property {Exit | null} exited
 * @property {Zombie | null} zombie
 * @property {Reaped | null} reaped
 * @property {ProcessState} state
 * @property {Waiting | null} waiting
 * @property {At | null} at the line it stands on
 * @property {readonly At[]} ran the lines it has stood on, each once
 * @property {number | null} task key of the task it works on
 * @property {Vector<number>} tasks keys of the tasks it began
 * @property {Vector<number>} callbacks keys of the tasks whose callback it ran
 * @property {Vector<number>} submitted keys of the tasks it handed to a pool
 * @property {number} done how many tasks it finished
 * @property {Vector<number>} puts keys of the items it put
 * @property {Vector<number>} gets keys of the items it got
 * @property {Vector<Wait>} waits
 * @property {readonly number[]} pending places in `waits` of those that last
 * @property {Vector<Stop>} stops
 * @property {Vector<Signal>} signals those that reached it
 * @property {Vector<Sample>} samples
 * @property {Sample | null} sample the last one that still holds
 * @property {Vector<number>} output places in the run's output
 * @property {readonly Variable[]} variables in the order of their first value
 * @property {readonly Variable[]} inherited those of its parent as they were when it forked; none after an exec
 * @property {{ done: number, total: number } | null} progress
 * @property {number} events how many events it had
 * @property {number} heard when it last did something
 */

/**
 * `lost`: its worker died in the middle of it.
 * @typedef {object} Task
 * @property {number} key
 * @property {number} id the program's number
 * @property {string} name
 * @property {"submitted" | "running" | "finished" | "failed" | "lost"} state
 * @property {number | null} worker key of the process that works on it, or did
 * @property {Moment | null} submitted
 * @property {Moment | null} started
 * @property {Moment | null} ended finished, failed or lost
 * @property {Moment | null} callback
 * @property {JsonValue | undefined} value what it returned
 * @property {string | null} error what it raised
 */

/**
 * @typedef {object} Queue
 * @property {number} key
 * @property {number} id the program's number
 * @property {string} name
 * @property {number} capacity 0 is no limit
 * @property {Moment | null} created
 * @property {number} size items in it now
 * @property {number} peak the most there were
 * @property {Vector<{ t: number, size: number }>} levels the size after each put and get
 * @property {Vector<number>} items keys of all items that were put, in order
 * @property {number} head place in `items` before which all were taken
 * @property {readonly { process: number, op: Op, since: number, seq: number }[]} blocked who waits now
 * @property {readonly number[]} putters keys of the processes that put, or wanted to
 * @property {readonly number[]} getters keys of the processes that got, or wanted to
 * @property {NumberMap<number>} keyOf key of the item by the program's number
 */

/**
 * @typedef {object} Item
 * @property {number} key
 * @property {number} id the program's number
 * @property {number} queue key
 * @property {number} bytes
 * @property {JsonValue | undefined} value when it is short
 * @property {Moment | null} put
 * @property {Moment | null} got
 */

/** @typedef {{ pipe: number, id: number, bytes: number, sent: Moment | null, received: Moment | null }} Message */

/**
 * @typedef {object} Pipe
 * @property {number} key
 * @property {number} id the program's number
 * @property {number} sent how many messages
 * @property {number} received how many of them
 * @property {readonly number[]} senders keys of the processes that sent
 * @property {readonly number[]} receivers keys of the processes that received
 */

/**
 * A variable in shared memory: one value for all.
 * @typedef {Variable & { key: number, id: number, process: number | null }} SharedVariable `process`: who set it last
 */

/**
 * A lock or the like.
 * @typedef {object} SyncState
 * @property {number} key
 * @property {number} id the program's number
 * @property {string} name
 * @property {SyncKind} kind
 * @property {readonly { process: number, since: number }[]} holders
 * @property {readonly { process: number, since: number }[]} waiters
 * @property {Vector<{ process: number, start: number, end: number | null }>} holds
 */

/** @typedef {{ t: number, seq: number, process: number | null, stream: Stream, text: string }} OutputLine */
/** @typedef {{ what: Truncated, process: number | null, dropped: number, t: number, seq: number }} Truncation */

/**
 * @typedef {object} Run
 * @property {number} seq of the last event that is in this state; 0 before the first
 * @property {number} t of the last event
 * @property {RunStarted | null} head
 * @property {(RunFinished & { t: number, seq: number }) | null} finish
 * @property {{ t: number, seq: number } | null} lastCall when the supervisor first told a process to end
 * @property {Vector<Process>} processes in order of birth
 * @property {readonly number[]} roots keys of the processes whose parent is the supervisor
 * @property {Vector<Task>} tasks in the order of their first mention
 * @property {Vector<Queue>} queues
 * @property {Vector<Item>} items
 * @property {Vector<Message>} messages
 * @property {Vector<Pipe>} pipes
 * @property {Vector<SyncState>} objects
 * @property {Vector<SharedVariable>} shared
 * @property {Vector<OutputLine>} output
 * @property {readonly Truncation[]} truncations the latest word on each thing that was cut
 * @property {{ started: number, exited: number, reaped: number }} meter
 * @property {number} rejected messages of the program that were none
 * @property {number} unknown events of kinds that this page does not know
 * @property {number} stray events of a pid that no process has
 * @property {Index} index how the program's numbers are found again
 */

/**
 * @typedef {object} Index
 * @property {NumberMap<number>} pid key of the process that had it last
 * @property {NumberMap<number>} task
 * @property {NumberMap<number>} queue
 * @property {Readonly<Partial<Record<SyncKind, NumberMap<number>>>>} object by kind, then number
 * @property {NumberMap<number>} pipe
 * @property {NumberMap<number>} shared
 * @property {NumberMap<NumberMap<number>>} message by pipe, then item
 */

/** How many colours there are before they begin anew. */
export const COLOURS = 12;

/**
 * A run of which nothing is known yet.
 * @type {Run}
 */
export const EMPTY_RUN = Object.freeze({
  seq: 0,
  t: 0,
  head: null,
  finish: null,
  lastCall: null,
  processes: Vector.empty(),
  roots: [],
  tasks: Vector.empty(),
  queues: Vector.empty(),
  items: Vector.empty(),
  messages: Vector.empty(),
  pipes: Vector.empty(),
  objects: Vector.empty(),
  shared: Vector.empty(),
  output: Vector.empty(),
  truncations: [],
  meter: { started: 0, exited: 0, reaped: 0 },
  rejected: 0,
  unknown: 0,
  stray: 0,
  index: {
    pid: NumberMap.empty(),
    task: NumberMap.empty(),
    queue: NumberMap.empty(),
    object: {},
    pipe: NumberMap.empty(),
    shared: NumberMap.empty(),
    message: NumberMap.empty(),
  },
});

/**
 * @param {Event} event
 * @param {number | null} process key
 * @returns {Moment}
 */
export function moment(event, process) {
  return { t: event.t, seq: event.seq, process, at: event.at ?? null };
}
