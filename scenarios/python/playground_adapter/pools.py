"""Pools: tasks submitted, started, ended, called back, and who waits for a result.

Every task goes through `_quick_put` of its pool, in the thread that hands tasks to the workers: there it gets a
number and is told, before a worker can see it. Its function goes to the worker inside a `Told`, which tells the rest.
What a worker takes at once is one task: a call, or a chunk of `map`, called `square[4:8]`.
"""

import sys
import weakref

from . import channel, hooks, processes, results, telling, travel, values


def patch_pool(module):
    """`Pool` and the results that it promises."""
    pool = module.Pool
    hooks.wrap(pool, "__init__", maker)
    hooks.wrap(pool, "_setup_queues", setter_up(module))
    telling.calls(pool, "close", "terminate")
    hooks.wrap(pool, "join", joiner)
    results.patch(module)


def maker(original):
    """`Pool.__init__`: its workers come from the line that made it, also those that replace others."""

    def method(self, *args, **kwargs):
        birth = ("pool-worker", telling.reached())
        with processes.Birth(*birth):
            original(self, *args, **kwargs)
        self._worker_handler.__dict__[processes.BIRTH] = birth

    return method


def setter_up(module):
    """`Pool._setup_queues`: where the way of the tasks begins. A pool of threads has another one."""

    def make(original):
        def method(self, *args, **kwargs):
            original(self, *args, **kwargs)
            if channel.on():
                self._quick_put = Handing(module, self)

        return method

    return make


class Handing:
    """Sends a task to whichever worker takes it first."""

    def __init__(self, module, pool):
        self.raw, self.writer, self.module = pool._quick_put, pool._inqueue._writer, module
        self.pool = weakref.ref(pool)

    def __call__(self, task):
        watch = None if task is None else self.watch_of(task)
        if watch is None:
            return self.raw(task)
        job, index, function, args, kwds = task
        name, size = title(self.module, function, args, watch.elements)
        number = channel.number("task")
        told = Told(function, number, name, watch.at)
        pickle = sys.modules["multiprocessing.reduction"].ForkingPickler.dumps((job, index, told, args, kwds))
        watch.submitted(index, (number, name), size)
        return self.writer.send_bytes(pickle)

    @telling.quiet
    def watch_of(self, task):
        """Who watches the result of this task; nobody if it only carries the error of an iterable."""
        pool = self.pool()
        if pool is None or task[2] is self.module._helper_reraises_exception:
            return None
        return travel.label_of(pool._cache[task[0]])


class Told:
    """A function on its way to a worker, where it tells what it does."""

    __slots__ = ("function", "task", "name", "at")

    def __init__(self, function, task, name, at):
        self.function, self.task, self.name, self.at = function, task, name, at

    def __reduce__(self):
        return Told, (self.function, self.task, self.name, self.at)

    def __call__(self, *args, **kwargs):
        self.tell("task.started", self.at)
        try:
            value = self.function(*args, **kwargs)
        except Exception as error:
            self.tell("task.failed", None, error=values.error(error))
            raise
        self.tell("task.finished", None, value=values.short(value) or values.Json("null"))
        return value

    @telling.quiet
    def tell(self, kind, at, **fields):
        """One event of this task."""
        channel.tell(kind, at, task=self.task, name=self.name, **fields)


def title(module, function, args, first):
    """What to call a task, and how many elements it has: a lone element is called as a call with it would be."""
    if function not in (module.mapstar, module.starmapstar):
        return name_of(function, args), 1
    inner, chunk = args[0]
    if len(chunk) == 1:
        return name_of(inner, chunk[0] if function is module.starmapstar else chunk), 1
    return f"{function_name(inner)}[{first}:{first + len(chunk)}]", len(chunk)


def name_of(function, args):
    """Its first argument if that is a text, else its function."""
    if isinstance(args, (list, tuple)) and len(args) > 0 and type(args[0]) is str:
        return values.brief(args[0])
    return function_name(function)


def function_name(function):
    """The function's own name, or its type's where it has none."""
    name = getattr(function, "__name__", None)
    return values.brief(name if type(name) is str else type(function).__name__)


def joiner(original):
    """`Pool.join`: waits for one worker after the other."""

    def method(self, *args, **kwargs):
        waiting = begin_join(self)
        try:
            return original(self, *args, **kwargs)
        finally:
            if waiting is not None:
                waiting.end()

    return method


@telling.quiet
def begin_join(pool):
    """The wait for the workers, if `join` is not about to raise."""
    at = telling.reached()
    workers_are_threads = not hasattr(pool._inqueue, "_writer")
    if at is None or pool._state == "RUN" or workers_are_threads:
        return None
    return processes.Workers(pool._pool, at)
