"""Locks and their like: who holds what, and who waits for it.

`Lock`, `RLock`, `Semaphore` and `BoundedSemaphore` are one class in CPython; `Condition`, `Event` and `Barrier` are
made of them. Only what the program itself makes is told, so the locks inside an event are not; the lock inside a
condition is, for the program takes it. An object is called as the program's global variable that holds it, or by its
class and number.

Acquired is told after it was, released before it is: in the log nobody gets what another still has. An `RLock` that
its holder takes again is told once.
"""

import threading
import weakref

import _thread

from . import channel, gates, hooks, places, telling, travel, variables

_now = _thread._local()

KINDS = {
    "Lock": "lock",
    "RLock": "lock",
    "Semaphore": "semaphore",
    "BoundedSemaphore": "semaphore",
    "Condition": "condition",
    "Event": "event",
    "Barrier": "barrier",
}


def patch_synchronize(module):
    """All of it."""
    hooks.wrap(module.SemLock, "__enter__", gates.enter)
    hooks.wrap(module.SemLock, "__exit__", gates.leave)
    for name in ("Lock", "RLock", "Semaphore", "BoundedSemaphore"):
        hooks.wrap(getattr(module, name), "__init__", maker(KINDS[name], dress_lock))
    for name, dress in (("Condition", dress_condition), ("Event", dress_plain), ("Barrier", dress_plain)):
        hooks.wrap(getattr(module, name), "__init__", maker(KINDS[name], dress))
    hooks.wrap(module.Condition, "notify", releaser)
    hooks.wrap(module.Condition, "wait", condition_waiter)
    hooks.wrap(module.Event, "set", releaser)
    hooks.wrap(module.Barrier, "_release", releaser)
    hooks.wrap(module.Event, "wait", event_waiter)
    hooks.wrap(module.Barrier, "_wait", barrier_waiter)
    hooks.wrap(module.Barrier, "wait", barrier_passer)
    telling.calls(module.Event, "clear")
    telling.calls(module.Barrier, "abort", "reset")


def maker(kind, dress):
    """`__init__`: an object that the program itself makes is told from now on."""

    def make(original):
        def method(self, *args, **kwargs):
            original(self, *args, **kwargs)
            christen(self, kind, dress)

        return method

    return make


@telling.quiet
def christen(thing, kind, dress):
    """Gives an object a number."""
    if telling.reached() is not None:
        label(thing, kind, dress)


def label(thing, kind, dress):
    """The label of an object: its kind, its number, and what to call it if no variable of the program holds it."""
    number = channel.number(kind)
    dress(thing, (kind, number, f"{type(thing).__name__}-{number}"))


def title(thing):
    """The label as it goes to another process, where no global variable may hold the object: by its name here."""
    kind, number, name = travel.label_of(thing)
    return kind, number, called(thing) or name


def dress_plain(thing, tag):
    """An object whose class tells all."""
    thing.__dict__[travel.LABEL] = tag
    travel.let(thing, dress_plain, title)


def dress_lock(lock, tag):
    """A lock or semaphore: each has its own `acquire` and `release`."""
    lock.__dict__[travel.LABEL] = tag
    travel.let(lock, dress_lock, title)
    gate = lock.__dict__[gates.GATE] = Holder(lock, tag)
    lock.acquire, lock.release = gate.acquire, gate.release


def undress(lock):
    """A lock that is the adapter's own, and so not told."""
    for name in (travel.LABEL, gates.GATE):
        lock.__dict__.pop(name, None)
    lock._make_methods()
    return lock


def dress_condition(condition, tag):
    """A condition, and its lock if it has made that itself."""
    condition.__dict__[travel.LABEL] = tag
    travel.let(condition, dress_condition, title)
    if travel.label_of(condition._lock) is None:
        label(condition._lock, "lock", dress_lock)
        condition._make_methods()
    condition._wait_semaphore.acquire = Notice(condition, tag)


@telling.quiet
def say(what, tag, at, thing=None):
    """`sync.…` of an object."""
    kind, number, name = tag
    channel.tell("sync." + what, at, object=number, name=called(thing) or name, kind=kind)


def called(thing):
    """The program's global variable that holds this object."""
    frame = None if thing is None else places.ancestor()
    return None if frame is None else variables.global_name(thing, frame)


class Unsaid:
    """During this block this thread tells of locks only if it has to wait for one."""

    def __enter__(self):
        self.outer, _now.unsaid = getattr(_now, "unsaid", False), True

    def __exit__(self, *error):
        _now.unsaid = self.outer


class Holder:
    """`acquire` and `release` of a lock or semaphore."""

    def __init__(self, lock, tag):
        self.semlock, self.tag, self.lock = lock._semlock, tag, weakref.ref(lock)
        self.unsaid = False

    def acquire(self, block=True, timeout=None):
        """As the lock's own."""
        at = telling.stands() or telling.line()
        if self.semlock.acquire(False):
            self.unsaid = self.unsaid if self.is_again() else getattr(_now, "unsaid", False)
        else:
            if not block:
                if at is not None:
                    channel.tell("line.reached", at)
                return False
            say("waiting", self.tag, at, self.lock())
            if not self.semlock.acquire(True, timeout):
                say("timeout", self.tag, at, self.lock())
                return False
            self.unsaid = False
        if not self.unsaid and not self.is_again():
            say("acquired", self.tag, at, self.lock())
        return True

    def release(self):
        """As the lock's own."""
        at = telling.stands() or telling.line()
        if not self.unsaid and self.is_releasable() and not self.is_again():
            say("released", self.tag, at, self.lock())
        self.semlock.release()

    def is_again(self):
        """Whether an `RLock` was taken more than once."""
        return self.semlock.kind == RECURSIVE_MUTEX and self.semlock._count() > 1

    def is_releasable(self):
        """Whether `release` will not raise."""
        if self.semlock.kind == RECURSIVE_MUTEX:
            return self.semlock._is_mine()
        return self.semlock._get_value() < self.semlock.maxvalue


#: `multiprocessing.synchronize.RECURSIVE_MUTEX`.
RECURSIVE_MUTEX = 0


def condition_waiter(original):
    """`Condition.wait`: told before it gives its lock back, after which others may notify."""

    def wait(self, *args, **kwargs):
        tag = travel.label_of(self)
        if tag is not None and self._lock._semlock._is_mine():
            say("waiting", tag, telling.line(), self)
        return original(self, *args, **kwargs)

    return wait


class Notice:
    """`acquire` of the semaphore on which `Condition.wait` sleeps: it ends before the lock is taken again."""

    def __init__(self, condition, tag):
        self.raw, self.tag = condition._wait_semaphore._semlock.acquire, tag
        self.condition = weakref.ref(condition)

    def __call__(self, block=True, timeout=None):
        got = self.raw(block, timeout)
        if block:
            say("acquired" if got else "timeout", self.tag, telling.line(), self.condition())
        return got


def releaser(original):
    """`set`, `notify` and a barrier's opening: told before anybody can go on."""

    def method(self, *args, **kwargs):
        tag = travel.label_of(self)
        if tag is not None:
            say("released", tag, telling.line(), self)
        return original(self, *args, **kwargs)

    return method


def event_waiter(original):
    """`Event.wait`."""

    def wait(self, *args, **kwargs):
        tag = travel.label_of(self)
        if tag is None:
            return original(self, *args, **kwargs)
        at = telling.stands()
        if self._flag._semlock._is_zero():
            say("waiting", tag, at, self)
        found = original(self, *args, **kwargs)
        say("acquired" if found else "timeout", tag, at, self)
        return found

    return wait


def barrier_waiter(original):
    """`Barrier._wait`: not everybody is there."""

    def _wait(self, *args, **kwargs):
        tag = travel.label_of(self)
        if tag is None:
            return original(self, *args, **kwargs)
        at = telling.line()
        say("waiting", tag, at, self)
        try:
            return original(self, *args, **kwargs)
        except threading.BrokenBarrierError:
            say("timeout", tag, at, self)
            raise

    return _wait


def barrier_passer(original):
    """`Barrier.wait`: through it."""

    def wait(self, *args, **kwargs):
        tag = travel.label_of(self)
        at = None if tag is None else telling.reached()
        index = original(self, *args, **kwargs)
        if tag is not None:
            say("acquired", tag, at, self)
        return index

    return wait
