// Generated from server/protocol; do not edit.
// UPDATE_GENERATED=1 cargo test -p protocol writes it anew.

/**
 * Where in a finished log the answer stands. All but the last are numbers.
 */
export type Answer = { "by": "count", 
/**
 * Which.
 */
of: Selector, } | { "by": "most", 
/**
 * Opens a span.
 */
from: Selector, 
/**
 * Closes one.
 */
to: Selector, } | { "by": "variable", 
/**
 * The variable.
 */
name: string, 
/**
 * The name of the process that set it, as in [`Selector`]; absent: anyone.
 */
process?: string, } | { "by": "options", 
/**
 * Two to five.
 */
options: Array<PredictOption>, };

/**
 * A place in the scenario's source.
 */
export type At = { 
/**
 * The file's name inside the scenario's folder, as `main.rs`.
 */
file: string, 
/**
 * Counted from 1.
 */
line: number, };

/**
 * What a scenario says of itself.
 */
export type Card = { 
/**
 * The folder's name.
 */
id: string, 
/**
 * The part of the catalogue it stands in.
 */
chapter: Chapter, 
/**
 * A few words.
 */
title: Text, 
/**
 * One sentence: what it shows.
 */
summary: Text, 
/**
 * The explanation beside the picture, Markdown (paragraphs, lists, `code`, **bold**).
 */
text: Text, 
/**
 * What can be switched, in the order of the page.
 */
params: Array<Param>, 
/**
 * The programs that this host can run, as the visitor reads them.
 */
sources: Array<Source>, 
/**
 * The runtimes that the scenario has a program for and this host cannot run.
 */
missing?: Array<Missing>, 
/**
 * What the reader may predict before the run.
 */
predict?: Predict, 
/**
 * What is worth sweeping.
 */
sweep?: Sweep, };

/**
 * A part of the catalogue, in the order of the page.
 */
export type Chapter = "basics" | "lives" | "sharing" | "work" | "more";

/**
 * One word of a choice.
 */
export type Choice = { 
/**
 * The word.
 */
value: string, 
/**
 * Its label.
 */
title: Text, };

/**
 * What came of a request.
 */
export type Done = { 
/**
 * The run it was about.
 */
run: string, 
/**
 * The token, to whom started it.
 */
token?: string, };

/**
 * One line of the log.
 */
export type Event = { 
/**
 * 1, 2, 3 … without a gap.
 */
seq: number, 
/**
 * Whole microseconds since `run.started` on `CLOCK_MONOTONIC`; never decreases.
 */
t: number, 
/**
 * The process that did it or to which it happened.
 */
pid?: number, 
/**
 * The line of the scenario that caused it.
 */
at?: At, } & (SupervisorEvent | KernelEvent | ProgramEvent);

/**
 * What the server sends.
 */
export type Frame = { 
/**
 * The run.
 */
run: string, 
/**
 * One or more events.
 */
events: Array<Event>, } | { 
/**
 * The run.
 */
run: string, 
/**
 * Where and how long.
 */
queued: Queued, } | { 
/**
 * The run.
 */
run: string, 
/**
 * What became of it.
 */
kept: Kept, } | { 
/**
 * The request's.
 */
id: number, 
/**
 * What came of it.
 */
ok: Done, } | { 
/**
 * The request's; absent where the frame had none that could be read.
 */
id?: number, 
/**
 * Why not.
 */
error: Problem, };

/**
 * The machine a run ran on.
 */
export type Host = { 
/**
 * As `Linux`.
 */
os: string, 
/**
 * As `uname -r` prints it.
 */
kernel: string, 
/**
 * Processors this run may use.
 */
cpus: number, };

/**
 * How a process was made.
 */
export type How = "fork" | "vfork" | "clone" | "spawn";

/**
 * How a time would depend on a parameter if nothing stood in the way.
 */
export type Ideal = "inverse";

export type JsonValue = number | string | boolean | Array<JsonValue> | { [key in string]: JsonValue } | null;

/**
 * What became of a finished run's recording.
 */
export type Kept = { 
/**
 * Until when the run can be seen, by the wall clock: as a recording, or where there is none, in the server's
 * memory, if that is not needed for others. Absent where that is for ever, and where it is not known.
 */
until_unix_ms?: number, 
/**
 * Why it is not; absent where it is.
 */
not?: NotKept, };

/**
 * What the kernel is the witness of.
 */
export type KernelEvent = { "type": "process.started" } & ProcessStarted | { "type": "process.exec" } & ProcessExec | { "type": "process.stopped" } & ProcessStopped | { "type": "process.continued" } & ProcessContinued | { "type": "process.signaled" } & ProcessSignaled | { "type": "process.exited" } & ProcessExited | { "type": "process.zombie" } & ProcessZombie | { "type": "process.reaped" } & ProcessReaped | { "type": "process.reparented" } & ProcessReparented | { "type": "process.sampled" } & ProcessSampled | { "type": "output" } & Output;

/**
 * What a run may use. The defaults are `product.md`'s "numbers to start from".
 */
export type Limits = { 
/**
 * Wall clock of a run.
 */
wall_ms: number, 
/**
 * Memory of all processes together (proportional set size).
 */
memory_mib: number, 
/**
 * Processes and threads that live at once.
 */
processes: number, 
/**
 * Output of one process.
 */
output_process_kib: number, 
/**
 * Output of all processes.
 */
output_kib: number, 
/**
 * Events in the log.
 */
events: number, 
/**
 * From `SIGTERM` to the end of everything, when a run is stopped.
 */
grace_ms: number, };

/**
 * `line.reached` has nothing but its `at`.
 */
export type LineReached = Record<symbol, never>;

/**
 * `message.rejected`: a datagram that was no [`ProgramMessage`].
 */
export type MessageRejected = { 
/**
 * What is wrong with it.
 */
reason: string, 
/**
 * Its length.
 */
bytes: number, };

/**
 * A runtime that this host has not.
 */
export type Missing = { 
/**
 * Which.
 */
runtime: Runtime, 
/**
 * Why, a sentence.
 */
why: Text, };

/**
 * Why a finished run is not kept.
 */
export type NotKept = "off" | "full" | "read_only" | "unreachable" | "slow";

/**
 * How much the observer sees.
 */
export type Observer = "exact" | "degraded";

/**
 * What can block on a queue.
 */
export type Op = "put" | "get";

/**
 * How a run ended.
 */
export type Outcome = "completed" | "failed" | "stopped" | "time_limit" | "process_limit" | "memory_limit" | "crashed";

/**
 * `output`.
 */
export type Output = { 
/**
 * Where it was written.
 */
stream: Stream, 
/**
 * The line without its newline; what is not UTF-8 is replaced by U+FFFD.
 */
text: string, };

/**
 * One thing that can be switched.
 */
export type Param = { 
/**
 * Its name in the program, the command line and the URL.
 */
name: string, 
/**
 * Its label.
 */
title: Text, 
/**
 * What to try and why, one sentence.
 */
help: Text, } & ({ "type": "integer", 
/**
 * The least.
 */
min: number, 
/**
 * The most.
 */
max: number, 
/**
 * Unless told.
 */
default: number, } | { "type": "number", 
/**
 * The least.
 */
min: number, 
/**
 * The most.
 */
max: number, 
/**
 * Unless told.
 */
default: number, 
/**
 * What one click adds.
 */
step: number, 
/**
 * As `s`; empty for none.
 */
unit: string, } | { "type": "boolean", 
/**
 * Unless told.
 */
default: boolean, } | { "type": "choice", 
/**
 * The words.
 */
options: Array<Choice>, 
/**
 * Unless told.
 */
default: string, } | { "type": "text", 
/**
 * The most characters; at least one is needed.
 */
max_chars: number, 
/**
 * Unless told.
 */
default: string, });

/**
 * `pipe.sent`, `pipe.received`.
 */
export type PipeItem = { 
/**
 * The pipe.
 */
pipe: number, 
/**
 * The message.
 */
item: number, 
/**
 * Its length.
 */
bytes: number, };

/**
 * A question that is asked before the run.
 */
export type Predict = { 
/**
 * One sentence, about the parameters as they are chosen now.
 */
question: Text, 
/**
 * Where in the log the answer stands.
 */
answer: Answer, };

/**
 * One of a few possible answers.
 */
export type PredictOption = { 
/**
 * A word that stands for it in addresses and tallies.
 */
value: string, 
/**
 * Its label.
 */
title: Text, 
/**
 * It is right when the first such event comes before that of any other option. Absent
 * (at most once): it is right when no event of the others comes.
 */
first?: Selector, };

/**
 * Why something could not be done.
 */
export type Problem = { 
/**
 * Stable, as `invalid_params`.
 */
code: string, 
/**
 * A sentence in the reader's language, with the remedy.
 */
message: string, 
/**
 * One sentence a field, for bad parameters.
 */
fields?: { [key in string]: string }, 
/**
 * Where it can be done later: seconds after which it is worth trying again.
 */
retry_after_s?: number, };

/**
 * `process.continued`.
 */
export type ProcessContinued = { 
/**
 * `SIGCONT`.
 */
signal: string, };

/**
 * How many processes a run had.
 */
export type ProcessCount = { 
/**
 * Born.
 */
started: number, 
/**
 * Ended.
 */
exited: number, 
/**
 * Read by a parent.
 */
reaped: number, };

/**
 * `process.exec`.
 */
export type ProcessExec = { 
/**
 * The file that now runs.
 */
exe: string, 
/**
 * Its arguments, the first of which is its name for itself.
 */
argv: Array<string>, };

/**
 * `process.exited`: a code or a signal, never both.
 */
export type ProcessExited = { 
/**
 * 0 to 255.
 */
code: number, } | { 
/**
 * As `SIGKILL`.
 */
signal: string, };

/**
 * `process.named`.
 */
export type ProcessNamed = { 
/**
 * As `Process-1`, `ForkPoolWorker-3`, or what the program chose.
 */
name: string, 
/**
 * What it is in the program.
 */
role: Role, };

/**
 * `process.reaped`.
 */
export type ProcessReaped = { 
/**
 * Who read its status.
 */
by: number, };

/**
 * `process.reparented`.
 */
export type ProcessReparented = { 
/**
 * The parent from now on.
 */
ppid: number, 
/**
 * The parent until now.
 */
was: number, };

/**
 * `process.sampled`.
 */
export type ProcessSampled = { 
/**
 * The letter in `/proc/PID/stat`.
 */
state: State, 
/**
 * Processor time so far.
 */
cpu_us: number, 
/**
 * Memory it has.
 */
rss_kib: number, 
/**
 * Memory that is its own alone; measured once a second.
 */
private_kib?: number, 
/**
 * What it is blocked in, in words: `futex`, `wait4(4712)`, `nanosleep`, `read(pipe)`.
 */
waiting?: string, };

/**
 * `process.signaled`.
 */
export type ProcessSignaled = { 
/**
 * As `SIGTERM`; real-time signals as `SIGRTMIN+6`.
 */
signal: string, 
/**
 * Who sent it.
 */
from: Sender, };

/**
 * `process.started`.
 */
export type ProcessStarted = { 
/**
 * The parent at birth.
 */
ppid: number, 
/**
 * The system call that made it.
 */
how: How, };

/**
 * `process.stopped`.
 */
export type ProcessStopped = { 
/**
 * As `SIGSTOP`.
 */
signal: string, };

/**
 * `process.zombie`: what `wait4(2)` says it used.
 */
export type ProcessZombie = { 
/**
 * Processor time in user mode.
 */
user_us: number, 
/**
 * Processor time in the kernel.
 */
sys_us: number, 
/**
 * The most memory it had at once.
 */
max_rss_kib: number, };

/**
 * What a program says of itself through its event socket.
 */
export type ProgramEvent = { "type": "process.named" } & ProcessNamed | { "type": "line.reached" } & LineReached | { "type": "task.submitted" } & Task | { "type": "task.started" } & Task | { "type": "task.finished" } & TaskFinished | { "type": "task.failed" } & TaskFailed | { "type": "task.callback" } & TaskCallback | { "type": "queue.created" } & QueueCreated | { "type": "queue.put" } & QueueItem | { "type": "queue.get" } & QueueItem | { "type": "queue.blocked" } & QueueOp | { "type": "queue.unblocked" } & QueueOp | { "type": "queue.timeout" } & QueueOp | { "type": "pipe.sent" } & PipeItem | { "type": "pipe.received" } & PipeItem | { "type": "sync.waiting" } & SyncObject | { "type": "sync.acquired" } & SyncObject | { "type": "sync.released" } & SyncObject | { "type": "sync.timeout" } & SyncObject | { "type": "variable.set" } & VariableSet | { "type": "progress" } & Progress;

/**
 * `progress`.
 */
export type Progress = { 
/**
 * So far.
 */
done: number, 
/**
 * In all.
 */
total: number, };

/**
 * `queue.created`.
 */
export type QueueCreated = { 
/**
 * Unique in the run.
 */
queue: number, 
/**
 * What to call it on the page.
 */
name: string, 
/**
 * How many items it holds; 0 is no limit.
 */
capacity: number, };

/**
 * `queue.put`, `queue.get`.
 */
export type QueueItem = { 
/**
 * The queue.
 */
queue: number, 
/**
 * The item; the same number comes out that went in.
 */
item: number, 
/**
 * Items in the queue afterwards.
 */
size: number, 
/**
 * The item's length as it lies in the queue.
 */
bytes: number, 
/**
 * The item itself, when it is short.
 */
value?: JsonValue, };

/**
 * `queue.blocked`, `queue.unblocked`, `queue.timeout`.
 */
export type QueueOp = { 
/**
 * The queue.
 */
queue: number, 
/**
 * What it wants to do.
 */
op: Op, };

/**
 * A place in the queue of runs that wait.
 */
export type Queued = { 
/**
 * 1 is next.
 */
position: number, 
/**
 * Seconds until it starts, estimated.
 */
eta_s: number, };

/**
 * What a client asks.
 */
export type Request = { 
/**
 * Repeated in the answer; the client's to choose.
 */
id: number, } & ({ "op": "start" } & Start | { "op": "follow", 
/**
 * The run.
 */
run: string, 
/**
 * The last event the client has; 0 for all.
 */
after: number, } | { "op": "unfollow", 
/**
 * The run.
 */
run: string, } | { "op": "signal", 
/**
 * The run.
 */
run: string, 
/**
 * The run's token.
 */
token: string, 
/**
 * The process.
 */
pid: number, 
/**
 * The signal.
 */
signal: VisitorSignal, } | { "op": "stop", 
/**
 * The run.
 */
run: string, 
/**
 * The run's token.
 */
token: string, });

/**
 * What a process is in its program.
 */
export type Role = "main" | "process" | "pool-worker" | "fork-server" | "resource-tracker";

/**
 * `run.finished`.
 */
export type RunFinished = { 
/**
 * How it ended.
 */
outcome: Outcome, 
/**
 * The same in a sentence, with the detail.
 */
reason: string, 
/**
 * From `run.started` to here, in microseconds.
 */
duration_us: number, 
/**
 * The count of processes; the three agree.
 */
processes: ProcessCount, 
/**
 * Events in the log, this one among them.
 */
events: number, };

/**
 * `run.started`: everything needed to run it again and to read the rest.
 */
export type RunStarted = { 
/**
 * [`LOG_VERSION`].
 */
version: number, 
/**
 * The run's id.
 */
run: string, 
/**
 * The scenario's id.
 */
scenario: string, 
/**
 * In which language the program is written.
 */
runtime: Runtime, 
/**
 * Every parameter with the value it has.
 */
params: { [key in string]: JsonValue }, 
/**
 * What random durations are made from.
 */
seed: number, 
/**
 * What the wall clock said, in milliseconds since 1970 (`CLOCK_REALTIME`), so that a recording
 * knows its day; absent in logs that are older than this field.
 */
unix_ms?: number, 
/**
 * The supervisor's pid.
 */
supervisor: number, 
/**
 * `exact`, or `degraded` where the kernel forbids `ptrace(2)`.
 */
observer: Observer, 
/**
 * What a degraded observer cannot see; absent when exact.
 */
lost?: string, 
/**
 * The machine.
 */
host: Host, 
/**
 * Each layer of the sandbox: `active`, or why not.
 */
sandbox: { [key in string]: string }, 
/**
 * What the run may use.
 */
limits: Limits, };

/**
 * `run.truncated`: what was cut and how much of it so far.
 */
export type RunTruncated = { 
/**
 * What was cut.
 */
what: Truncated, 
/**
 * Bytes of output or number of events left out so far (of this process, if `pid` is there).
 */
dropped: number, };

/**
 * In which language a scenario's program is written.
 */
export type Runtime = "rust" | "python" | "program";

/**
 * Which events are meant.
 */
export type Selector = { 
/**
 * The event's `type`.
 */
type: string, 
/**
 * The name of the process that did it, by which it is called at the end of the log; `*`
 * stands for anything, and a process without a name is `?`. Absent: anyone.
 */
process?: string, 
/**
 * Fields with the value that they must have; in texts `{*}` stands for anything.
 */
fields?: { [key in string]: JsonValue }, };

/**
 * Who sent a signal.
 */
export type Sender = number | Visitor;

/**
 * A program of a scenario, exactly as it runs.
 */
export type Source = { 
/**
 * What runs it.
 */
runtime: Runtime, 
/**
 * The file's name, as in [`crate::At`].
 */
file: string, 
/**
 * Its text.
 */
text: string, };

/**
 * What a run is started with; also the body of `POST /api/runs`.
 */
export type Start = { 
/**
 * The scenario's id.
 */
scenario: string, 
/**
 * In which language; Rust unless told.
 */
runtime?: Runtime, 
/**
 * Parameters that differ from their defaults.
 */
params: { [key in string]: JsonValue }, 
/**
 * What random durations are made from; random unless told.
 */
seed?: number, };

/**
 * What the scheduler says, `proc_pid_stat(5)`.
 */
export type State = "R" | "S" | "D" | "T" | "Z";

/**
 * A standard stream.
 */
export type Stream = "stdout" | "stderr";

/**
 * The supervisor's word on the run as a whole.
 */
export type SupervisorEvent = { "type": "run.started" } & RunStarted | { "type": "run.truncated" } & RunTruncated | { "type": "run.finished" } & RunFinished | { "type": "message.rejected" } & MessageRejected;

/**
 * What is worth sweeping.
 */
export type Sweep = { 
/**
 * The parameter; a number where there is an ideal, a whole one where there are times.
 */
parameter: string, 
/**
 * The curve that would be if nothing stood in the way.
 */
ideal?: Ideal, 
/**
 * A variable of the program, a list of seconds: its n-th is the time for the parameter at n. So a
 * single run, with the parameter at its highest, has the whole curve, and no other time is meant.
 */
times?: string, };

/**
 * What a process can wait for, beside queues.
 */
export type SyncKind = "lock" | "semaphore" | "event" | "barrier" | "condition" | "process" | "task" | "pipe";

/**
 * `sync.waiting`, `sync.acquired`, `sync.released`, `sync.timeout`: waiting for something, and what ends it.
 *
 * `sync.waiting` comes only when a process really has to wait; `sync.acquired` also when it
 * need not. What the words mean for each kind stands with [`SyncKind`].
 */
export type SyncObject = { 
/**
 * Unique among the objects of its kind in the run; for a process its pid, for a task its number,
 * for a pipe the pipe's.
 */
object: number, 
/**
 * What to call it on the page.
 */
name: string, 
/**
 * What it is.
 */
kind: SyncKind, };

/**
 * `task.submitted`, `task.started`.
 */
export type Task = { 
/**
 * Unique in the run.
 */
task: number, 
/**
 * What to call it on the page.
 */
name: string, };

/**
 * `task.callback`: a value for `callback`, an error for `error_callback`.
 */
export type TaskCallback = { 
/**
 * The task.
 */
task: number, 
/**
 * Its name.
 */
name: string, 
/**
 * What the callback gets.
 */
value?: JsonValue, 
/**
 * What the error callback gets.
 */
error?: string, };

/**
 * `task.failed`.
 */
export type TaskFailed = { 
/**
 * The task.
 */
task: number, 
/**
 * Its name.
 */
name: string, 
/**
 * What it raised.
 */
error: string, };

/**
 * `task.finished`.
 */
export type TaskFinished = { 
/**
 * The task.
 */
task: number, 
/**
 * Its name.
 */
name: string, 
/**
 * What it returned.
 */
value: JsonValue, };

/**
 * One sentence or title in both languages.
 */
export type Text = { 
/**
 * Chinese.
 */
zh: string, 
/**
 * English.
 */
en: string, };

/**
 * What a limit can cut.
 */
export type Truncated = "output" | "events";

/**
 * `variable.set`.
 */
export type VariableSet = { 
/**
 * Its name in the program.
 */
name: string, 
/**
 * Its value.
 */
value: JsonValue, 
/**
 * The shared memory it lies in, by a number unique in the run: all processes see this value.
 * A variable without it is the process's own.
 */
shared?: number, };

/**
 * The word for somebody at the page.
 */
export type Visitor = "visitor";

/**
 * The signals a visitor may send.
 */
export type VisitorSignal = "SIGTERM" | "SIGKILL" | "SIGSTOP" | "SIGCONT";
