"""Processes: their names and roles, and who waits for whose end.

A child says its name first of all, and on which line its parent started it. A forked child is a copy and knows both.
To any other they go along with what CPython itself sends: `spawn.get_preparation_data` makes it in the parent,
`spawn.prepare` reads it in the child, before the child runs the program's main module again.
"""

import os
import sys

import _thread

from . import channel, hooks, places, telling, values

#: What this thread is about to start: a name, a role and a place.
_now = _thread._local()

#: Where a thread keeps what all processes that it starts are.
BIRTH = "_playground_birth"

#: What this process is; changed in each child.
_role = "main"
_named_pid = 0


def patch_process(module):
    """`BaseProcess`, from which all processes come, whatever their start method."""
    base = module.BaseProcess
    hooks.wrap(base, "start", start)
    hooks.wrap(base, "join", join)
    hooks.wrap(base, "_bootstrap", bootstrap)
    telling.calls(base, "run", "terminate", "kill", "close")
    name = base.name
    base.name = property(name.fget, rename(name.fset), name.fdel, name.__doc__)


def patch_spawn(module):
    """What a parent sends to a child that is no copy of it."""
    hooks.wrap(module, "get_preparation_data", get_preparation_data)
    hooks.wrap(module, "prepare", prepare)


def patch_forkserver(module):
    """The fork server's own main."""
    hooks.wrap(module, "main", main_of("forkserver", "fork-server"))


def patch_resource_tracker(module):
    """The resource tracker's own main."""
    hooks.wrap(module, "main", main_of("resource_tracker", "resource-tracker"))


class Birth:
    """During this block the present thread starts processes of one role, from one line."""

    def __init__(self, role, at):
        self.birth = (role, at)

    def __enter__(self):
        self.outer = getattr(_now, "birth", None)
        _now.birth = self.birth

    def __exit__(self, *error):
        _now.birth = self.outer


def start(original):
    """`Process.start`: remembers for the child what it will be, and where it comes from."""

    def method(self, *args, **kwargs):
        at = telling.reached()
        role, made_at = birth()
        with Birth(role, at or made_at):
            return original(self, *args, **kwargs)

    return method


def birth():
    """What this thread starts now: a role, and a place if the program does not call itself."""
    threading = sys.modules.get("threading")
    of_thread = threading and getattr(threading.current_thread(), BIRTH, None)
    return getattr(_now, "birth", None) or of_thread or ("process", None)


def bootstrap(original):
    """The first thing that a child does for its process object."""

    def method(self, *args, **kwargs):
        born(getattr(self, "_name", None))
        return original(self, *args, **kwargs)

    return method


@telling.quiet
def born(name):
    """A forked child tells its name; others have done so earlier."""
    if _named_pid != os.getpid() and name:
        say_name(name, *birth())
    forget()


def forget():
    """What this process starts, and what it waits for, is its own and not its parent's."""
    _now.birth = Workers.present = None
    threading = sys.modules.get("threading")
    if threading:
        threading.current_thread().__dict__.pop(BIRTH, None)


def say_name(name, role, at):
    """`process.named`."""
    global _role, _named_pid
    _role, _named_pid = role, os.getpid()
    channel.tell("process.named", at, name=values.brief(name), role=role)


def rename(original):
    """The setter of `name`: the present process may be called something else from now on."""

    def setter(self, name):
        original(self, name)
        renamed(self, name)

    return setter


@telling.quiet
def renamed(self, name):
    """Tells a new name that the program gives to the process in which it runs."""
    if self is sys.modules["multiprocessing.process"].current_process():
        at = telling.stands()
        if at is not None:
            say_name(name, _role, at)


def get_preparation_data(original):
    """Adds the role and the line to what the child is sent."""

    def function(*args, **kwargs):
        data = original(*args, **kwargs)
        data["playground"] = birth()
        return data

    return function


def prepare(original):
    """Tells the name before the child runs the program's main module."""

    def function(data):
        prepared(data)
        return original(data)

    return function


@telling.quiet
def prepared(data):
    """What a child that is no copy knows first."""
    places.set_main(data.get("init_main_from_path"))
    say_name(data["name"], *data.get("playground", ("process", None)))


def main_of(name, role):
    """The main function of a process that CPython starts for itself."""

    def make(original):
        def main(*args, **kwargs):
            serves(name, role, kwargs.get("main_path"))
            return original(*args, **kwargs)

        return main

    return make


@telling.quiet
def serves(name, role, main_path):
    """A servant tells its name. The fork server also runs the program's main module."""
    places.set_main(main_path)
    say_name(name, role, None)


def join(original):
    """`Process.join`: who really waits says so."""

    def method(self, *args, **kwargs):
        child = awaited(self)
        result = original(self, *args, **kwargs)
        if child is not None:
            returned(self, child)
        if Workers.present is not None:
            Workers.present.go_on()
        return result

    return method


@telling.quiet
def awaited(self):
    """Before `join`: the child's pid, name and the line, if there is something to wait for."""
    at = telling.reached()
    popen = getattr(self, "_popen", None)
    if at is None and not is_at_exit():
        return None
    if popen is None or self._parent_pid != os.getpid() or popen.poll() is not None:
        return None
    child = {"object": popen.pid, "name": values.brief(self._name), "kind": "process"}
    channel.tell("sync.waiting", at, **child)
    return at, child


def is_at_exit():
    """Whether the process is at its end, where it joins the children that are no daemons."""
    return sys._getframe(4).f_code.co_name == "_exit_function"


@telling.quiet
def returned(self, waited):
    """After `join`: the child has ended, or the time has."""
    at, child = waited
    channel.tell("sync.timeout" if self._popen.returncode is None else "sync.acquired", at, **child)


class Workers:
    """The wait of `Pool.join` for one worker after the other, told as it goes on."""

    present = None

    def __init__(self, pool, at):
        self.pool, self.at, self.awaited = pool, at, None
        Workers.present = self
        self.go_on()

    @telling.quiet
    def go_on(self):
        """Tells for which worker it waits now, if that is another one than before."""
        if self.awaited is not None and self.awaited._popen.returncode is None:
            return
        self.say("acquired")
        alive = [worker for worker in list(self.pool) if worker._popen is not None and worker._popen.returncode is None]
        self.awaited = alive[0] if alive else None
        self.say("waiting")

    @telling.quiet
    def end(self):
        """All have ended."""
        Workers.present = None
        self.say("acquired")

    def say(self, what):
        """`sync.…` of a worker."""
        if self.awaited is not None:
            pid, name = self.awaited._popen.pid, values.brief(self.awaited._name)
            channel.tell("sync." + what, self.at, object=pid, name=name, kind="process")
