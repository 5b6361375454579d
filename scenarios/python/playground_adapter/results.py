"""What a pool promises: `AsyncResult`, the result of a `map`, the iterators of `imap`; who waits for them, and callbacks.

Several tasks may stand behind one result. Whoever waits for it waits for the first that is missing, and is told to
wait for the next when that is there.
"""

from _thread import RLock

from . import channel, hooks, telling, travel, values


def patch(module):
    """All results of the pools."""
    hooks.wrap(module.ApplyResult, "__init__", maker)
    hooks.wrap(module.IMapIterator, "__init__", maker)
    for name in ("ApplyResult", "MapResult", "IMapIterator", "IMapUnorderedIterator"):
        hooks.wrap(getattr(module, name), "_set", setter)
    hooks.wrap(module.ApplyResult, "wait", waiter(lambda result: not result.ready()))
    hooks.wrap(module.IMapIterator, "next", waiter(lambda result: not result._items and result._index != result._length))
    module.IMapIterator.__next__ = module.IMapIterator.next


class Watch:
    """What is known of one result."""

    def __init__(self, at):
        self.at, self.elements = at, 0
        self.tasks, self.missing, self.last = {}, [], None
        self.waiter = self.awaited = None
        self.turn = RLock()  # Of the program's thread and the pool's two, who all know when the wait goes on.

    @telling.quiet
    def submitted(self, index, task, size):
        """A task is about to be sent."""
        self.tasks[index] = task
        self.missing.append(index)
        self.elements += size
        channel.tell("task.submitted", self.at, task=task[0], name=task[1])
        self.waits_for()

    @telling.quiet
    def settled(self, index):
        """The result of a task is there; its callback, if it has one, comes next."""
        if index in self.missing:
            self.missing.remove(index)
            self.last = self.tasks.pop(index)

    @telling.quiet
    def begin(self, at):
        """Somebody sleeps until the result is there."""
        self.waiter = (at,)
        self.waits_for()

    @telling.quiet
    def waits_for(self):
        """Tells which task is waited for now, if that is another one than before."""
        with self.turn:
            task = self.tasks.get(self.missing[0]) if self.missing else None
            if self.waiter is not None and task is not None and task != self.awaited:
                self.say("acquired")
                self.awaited = task
                self.say("waiting")

    @telling.quiet
    def end(self, how):
        """Nobody sleeps any more."""
        with self.turn:
            self.say(how)
            self.waiter = None

    def say(self, what):
        """`sync.…` of the task that is waited for."""
        if self.awaited is not None:
            number, name = self.awaited
            channel.tell("sync." + what, self.waiter[0], object=number, name=name, kind="task")
        if what != "waiting":
            self.awaited = None

    @telling.quiet
    def called(self, **what):
        """`task.callback`, before the callback runs. A task that was never sent has none."""
        if self.last is not None:
            channel.tell("task.callback", self.at, task=self.last[0], name=self.last[1], **what)


def maker(original):
    """`__init__`: a result is watched, and its callbacks tell."""

    def method(self, *args, **kwargs):
        watch = begin_watch(self)
        original(self, *args, **kwargs)
        if watch is not None:
            listen(self, watch)

    return method


@telling.quiet
def begin_watch(result):
    """Before the pool can know the result."""
    watch = result.__dict__[travel.LABEL] = Watch(telling.line())
    return watch


@telling.quiet
def listen(result, watch):
    """Stands before the callbacks of a result."""
    if getattr(result, "_callback", None):
        result._callback = before(result._callback, lambda value: watch.called(value=values.short(value)))
    if getattr(result, "_error_callback", None):
        result._error_callback = before(result._error_callback, lambda error: watch.called(error=values.error(error)))


def before(callback, tell):
    """The callback, told first."""

    def call(value):
        tell(value)
        return callback(value)

    return call


def setter(original):
    """`_set`: the result of one task comes in, in the pool's thread."""

    def method(self, index, outcome):
        watch = travel.label_of(self)
        if watch is not None:
            watch.settled(index)
        original(self, index, outcome)
        if watch is not None:
            watch.waits_for()

    return method


def waiter(is_missing):
    """`wait` and `next`."""

    def make(original):
        def method(self, *args, **kwargs):
            telling.reached()
            watch = travel.label_of(self)
            waits = watch is not None and is_missing(self)
            if not waits:
                return original(self, *args, **kwargs)
            watch.begin(telling.line())
            ended = "timeout"
            try:
                found = original(self, *args, **kwargs)
                ended = "timeout" if hasattr(self, "ready") and not self.ready() else "acquired"
                return found
            except StopIteration:
                ended = "acquired"
                raise
            finally:
                watch.end(ended)

        return method

    return make
