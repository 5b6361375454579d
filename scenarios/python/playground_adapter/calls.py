"""The calls that every program has, beside `multiprocessing`: they tell the line on which a process sleeps, forks, kills.

Those of built-in modules become objects that are called, not functions: a function in a class would become a method.
"""

import os
import time

from . import hooks

#: What blocks, makes a process, or acts on one.
OS_CALLS = (
    "forkpty", "wait", "wait3", "wait4", "waitid", "kill", "killpg", "abort", "_exit", "system",
    "posix_spawn", "posix_spawnp", "execv", "execve", "execvp", "execvpe", "pidfd_open",
)


class Call:
    """A built-in function that tells the line it is called from. It is pickled by its name, as it was."""

    def __init__(self, original):
        self._original = original

    def __call__(self, *args, **kwargs):
        from . import telling  # Not before it is used: a program's first line should not wait for it.

        telling.reached()
        return self._original(*args, **kwargs)

    def __reduce__(self):
        return self.__qualname__

    def __repr__(self):
        return repr(self._original)


class Fork(Call):
    """`os.fork`."""

    def __call__(self):
        from . import forks

        return forks.fork(self._original)


class Waitpid(Call):
    """`os.waitpid`."""

    def __call__(self, pid, options, /):
        from . import forks

        return forks.waitpid(self._original, pid, options)


def install():
    """Wraps what is loaded in every interpreter."""
    hooks.wrap(time, "sleep", Call)
    for name in OS_CALLS:
        hooks.wrap(os, name, Call)
    hooks.wrap(os, "fork", Fork)
    hooks.wrap(os, "waitpid", Waitpid)


def patch_signal(signal):
    """Waiting for a signal."""
    for name in ("pause", "sigwait", "sigwaitinfo", "sigtimedwait", "raise_signal", "alarm", "setitimer"):
        hooks.wrap(signal, name, Call)


def patch_threading(threading):
    """Threads have no events of their own, but calls of them stand on lines."""
    from . import telling

    telling.calls(threading.Thread, "start", "join")
    hooks.wrap(threading, "excepthook", ThreadExcepthook)


class ThreadExcepthook(Call):
    """How the interpreter prints the error that ends a thread."""

    def __call__(self, args, /):
        from . import traces

        self._original(traces.pruned_arguments(args))


def patch_subprocess(subprocess):
    """The calls that start another program or wait for it."""
    from . import telling

    telling.calls(subprocess, "run", "call", "check_call", "check_output")
    telling.calls(subprocess.Popen, "__init__", "wait", "communicate", "terminate", "kill", "send_signal")
