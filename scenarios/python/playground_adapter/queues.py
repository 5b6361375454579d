"""Queues: what goes in, what comes out, and who waits for it.

`put` and `get` of CPython's queues are left to run as they are. While they do, this thread has an `Op`, and what they
use inside (the semaphore that counts free places, the readers' lock, the pipe) tells by it: so an item is told
at the moment at which it has its place, before anybody can take it, and as taken before its place is free again.

An item's number goes through the pipe behind its pickle, where whoever unpickles does not look (`tags`).
"""

import collections
import sys

import _thread

from . import channel, gates, hooks, tags, telling, travel, values

#: How long a feeder thread may need to write what is left, in seconds, before it is said to wait.
MOMENT = 0.05

#: The put or get that this thread is in.
_now = _thread._local()


def patch_queues(module):
    """`Queue`, `JoinableQueue` and `SimpleQueue`."""
    hooks.wrap(module.Queue, "__init__", maker)
    hooks.wrap(module.JoinableQueue, "__init__", maker)
    hooks.wrap(module.Queue, "_reset", redresser)
    hooks.wrap(module.Queue, "_finalize_join", finisher)
    from . import simple_queues

    for kind in (module.Queue, module.JoinableQueue, module.SimpleQueue):
        if "put" in vars(kind):
            hooks.wrap(kind, "put", putter(module.Full))
        if "get" in vars(kind):
            hooks.wrap(kind, "get", getter(module.Empty))
    hooks.wrap(module.SimpleQueue, "__init__", simple_queues.maker)
    telling.calls(module.Queue, "close", "join_thread")
    telling.calls(module.JoinableQueue, "task_done", "join")


def present():
    """The put or get that this thread is in, or None."""
    return getattr(_now, "op", None)


class Op:
    """A put or get: what it tells."""

    __slots__ = ("queue", "kind", "at", "value", "bytes", "number", "waits")

    def __init__(self, queue, kind, value=None, size=0):
        self.queue, self.kind, self.at = queue, kind, telling.stands()
        self.value, self.bytes, self.waits = value, size, False
        self.number = channel.number("item") if kind == "put" else None

    @telling.quiet
    def blocked(self):
        """It has to wait, for room or for an item."""
        if not self.waits:
            self.waits = True
            self.tell("blocked", op=self.kind)

    def took(self, number, note, size):
        """What a get has found."""
        self.number, self.value, self.bytes = number, values.Json(note) if note else None, size

    @telling.quiet
    def moved(self, size):
        """The item has its place, or has left it; so many are in the queue now."""
        if self.waits:
            self.tell("unblocked", op=self.kind)
        if self.number is not None:
            size = max(size, 1 if self.kind == "put" else 0)
            self.tell(self.kind, item=self.number, size=size, bytes=self.bytes, value=self.value)

    @telling.quiet
    def gave_up(self):
        """It waited in vain, or did not want to wait."""
        if self.waits:
            self.tell("timeout", op=self.kind)
        elif self.at is not None:
            channel.tell("line.reached", self.at)

    def tell(self, what, **fields):
        """An event of this queue."""
        channel.tell("queue." + what, self.at, queue=self.queue, **fields)


@telling.quiet
def begin_put(queue, item):
    """The `Op` of a put, if the queue is the program's own."""
    label = travel.label_of(queue)
    if label is None:
        return None
    value = values.short(item)
    return Op(label[0], "put", value, measure(item, value))


@telling.quiet
def begin_get(queue):
    """The `Op` of a get, if the queue is the program's own."""
    label = travel.label_of(queue)
    return None if label is None else Op(label[0], "get")


def measure(item, value):
    """How long an item will be in the pipe; 0, which is unknown, if only the program's own code could tell."""
    if value is None and type(item) not in (str, bytes, bytearray):
        return 0
    return len(sys.modules["multiprocessing.reduction"].ForkingPickler.dumps(item))


def putter(full):
    """`put`, which raises `full`."""

    def make(original):
        def put(self, *args, **kwargs):
            op = begin_put(self, args[0] if args else kwargs.get("obj"))
            return within(op, full, original, self, *args, **kwargs)

        return put

    return make


def getter(empty):
    """`get`, which raises `empty`."""

    def make(original):
        def get(self, *args, **kwargs):
            return within(begin_get(self), empty, original, self, *args, **kwargs)

        return get

    return make


def within(op, refusal, original, *args, **kwargs):
    """The original call, in which this thread is in `op`."""
    if op is None:
        return original(*args, **kwargs)
    outer, _now.op = present(), op
    try:
        return original(*args, **kwargs)
    except refusal:
        op.gave_up()
        raise
    finally:
        _now.op = outer


def maker(original):
    """`Queue.__init__`: a queue that the program itself makes is told."""

    def method(self, *args, **kwargs):
        original(self, *args, **kwargs)
        christen(self)

    return method


@telling.quiet
def christen(queue):
    """Gives a queue a number and a name, and tells that it is there."""
    at = telling.stands()
    if at is not None:
        unlimited = sys.modules["multiprocessing.synchronize"].SEM_VALUE_MAX
        announce(queue, at, 0 if queue._maxsize == unlimited else queue._maxsize)
        dress(queue, travel.label_of(queue))


def announce(queue, at, capacity, *more):
    """`queue.created`; the queue's label is its number, its name, and what else it needs."""
    number = channel.number("queue")
    name = f"{type(queue).__name__}-{number}"
    queue.__dict__[travel.LABEL] = (number, name, *more)
    channel.tell("queue.created", at, queue=number, name=name, capacity=capacity)


def dress(queue, label):
    """Puts ours between the queue and what it uses."""
    queue.__dict__[travel.LABEL] = label
    travel.let(queue, dress)
    gates.Turn(present).guard(queue._rlock)
    queue._sem.acquire = Room(queue)
    dress_ends(queue)


def dress_ends(queue):
    """The part of it that CPython makes anew in a child."""
    queue._buffer = Numbered()
    queue._buffer.queue = travel.label_of(queue)[0]
    queue._send_bytes = Sending(queue)
    queue._recv_bytes = Taking(queue)
    queue._poll = Peeking(queue)


def redresser(original):
    """`Queue._reset`, which makes buffer and ends anew."""

    def method(self, *args, **kwargs):
        original(self, *args, **kwargs)
        redress(self)

    return method


@telling.quiet
def redress(queue):
    """Again, if it was dressed before."""
    if travel.label_of(queue) is not None:
        dress_ends(queue)


def finisher(original):
    """A process does not end before its feeder thread has written all; if nobody reads, that is never."""

    def _finalize_join(thread_of):
        queue = unfinished(thread_of())
        original(thread_of)
        if queue is not None:
            channel.tell("queue.unblocked", None, queue=queue, op="put")

    return _finalize_join


@telling.quiet
def unfinished(thread):
    """The queue whose feeder has still not written all after a moment."""
    buffer = None if thread is None else getattr(thread, "_args", (None,))[0]
    if not isinstance(buffer, Numbered):
        return None
    thread.join(MOMENT)
    if not thread.is_alive():
        return None
    channel.tell("queue.blocked", None, queue=buffer.queue, op="put")
    return buffer.queue


class Room:
    """`acquire` of the semaphore that counts free places: whoever gets one has put its item in."""

    def __init__(self, queue):
        self.raw, self.count, self.most = queue._sem._semlock.acquire, queue._sem._semlock._get_value, queue._maxsize

    def __call__(self, block=True, timeout=None):
        op = present()
        if op is None:
            return self.raw(block, timeout)
        if not self.raw(False):
            if not block:
                return False
            op.blocked()
            if not self.raw(True, timeout):
                return False
        op.moved(self.most - self.count())
        return True


class Numbered(collections.deque):
    """The items that wait for the feeder thread, each with its number; nobody else sees these."""

    def append(self, item):
        op = present()
        super().append((item, (None, None) if op is None else (op.number, op.value)))

    def popleft(self):
        item, self.tag = super().popleft()
        return item


class Sending:
    """Writes an item to the pipe, its number behind it: in the feeder thread, after `popleft`."""

    def __init__(self, queue):
        self.raw, self.buffer = queue._send_bytes, queue._buffer

    def __call__(self, pickle):
        number, note = self.buffer.tag
        return self.raw(pickle if number is None else tags.add(pickle, number, note or ""))


class Taking:
    """Reads an item from the pipe, and tells it before its place is free again."""

    def __init__(self, queue):
        self.raw, self.reader = queue._recv_bytes, queue._reader
        self.count, self.most = queue._sem._semlock._get_value, queue._maxsize

    def __call__(self):
        op = present()
        if op is not None and not gates.is_readable(self.reader):
            op.blocked()
        pickle, number, note = tags.split(self.raw())
        if op is not None:
            op.took(number, note, len(pickle))
            op.moved(self.most - self.count() - 1)
        return pickle


class Peeking:
    """`poll`: whether there is an item, now or soon."""

    def __init__(self, queue):
        self.raw, self.reader = queue._poll, queue._reader

    def __call__(self, *timeout):
        op = present()
        if op is not None and timeout and timeout[0] > 0 and not gates.is_readable(self.reader):
            op.blocked()
        return self.raw(*timeout)
