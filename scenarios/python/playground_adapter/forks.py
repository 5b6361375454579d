"""`os.fork` and `os.waitpid`, called by the program itself: what the log calls a child, and who waits for whom.

A child that nobody named is `fork-1`, `fork-2` … in the order in which its parent made them, and `fork-1:2` if `fork-1`
made it, as in the Rust library's `os`. The program does not notice: to `current_process()` it is what its parent was.
"""

import os
import sys

from . import channel, places, processes, telling, values


class Forks:
    """Those of this process; a child begins anew, below the numbers of its parent."""

    def __init__(self, path=()):
        self.pid = os.getpid()
        self.path = path
        self.pids = []

    def label(self, number):
        return "fork-" + ":".join(map(str, (*self.path, number)))


#: This process's own, or its parent's if it was not the program that forked it.
_forks = Forks()


def mine():
    """The forks of this process."""
    global _forks
    if _forks.pid != os.getpid():
        _forks = Forks()
    return _forks


def fork(original):
    """The child tells its name first of all."""
    at = telling.reached()
    if at is None:
        return original()
    forks = mine()
    pid = as_the_program(original)
    if pid == 0:
        begin(forks, at)
    else:
        forks.pids.append(pid)
    return pid


def as_the_program(original):
    """The call, made from the program's own line: CPython 3.12 and newer warn there of a fork beside threads."""
    frame = places.caller()
    if frame is None or sys.version_info < (3, 12):
        return original()
    place = {"co_filename": frame.f_code.co_filename, "co_firstlineno": frame.f_lineno}
    try:
        return type(as_the_program)(CALL.replace(**place), frame.f_globals)(original)
    except OSError as error:
        raise error.with_traceback(None)  # Without that line a second time.


#: One line that calls what it is given.
CALL = (lambda original: original()).__code__


@telling.quiet
def begin(parents, at):
    """In the child."""
    global _forks
    number = len(parents.pids) + 1
    _forks = Forks((*parents.path, number))
    processes.say_name(parents.label(number), "process", at)


def waitpid(original, pid, options):
    """A wait for one child that really waits is told."""
    at = telling.reached()
    if at is None or pid <= 0 or options & os.WNOHANG or not channel.on():
        return original(pid, options)
    ended = original(pid, options | os.WNOHANG)
    if ended[0]:
        return ended
    tell("waiting", pid, at)
    ended = original(pid, options)
    tell("acquired", pid, at)
    return ended


@telling.quiet
def tell(what, pid, at):
    """`sync.waiting` and `sync.acquired` of a child."""
    forks = mine()
    name = forks.label(forks.pids.index(pid) + 1) if pid in forks.pids else f"pid {pid}"
    channel.tell("sync." + what, at, object=pid, name=values.brief(name), kind="process")
