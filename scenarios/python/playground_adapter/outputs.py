"""What the program writes: before a text goes out, the globals that it may show have been told.

Standard output and error hand their bytes to a buffer, for `print` once a line; that buffer is given a `write` of ours,
which looks at the globals first. A program that puts something else in the place of `sys.stdout` is not concerned, and
what it writes to the descriptor itself goes through `os.write`.
"""

import os
import sys

from . import calls, hooks, telling


class Write(calls.Call):
    """`sys.stdout.buffer.write`."""

    def __call__(self, *args):
        telling.writes()
        return self._original(*args)


class WriteTo(calls.Call):
    """`os.write`; to anything but standard output and error it is none of our affair."""

    def __call__(self, fd, data, /):
        if fd == 1 or fd == 2:
            telling.writes()
        return self._original(fd, data)


def install():
    """Wraps both streams, as far as this interpreter has them, and the call below them."""
    for stream in (sys.stdout, sys.stderr):
        buffer = getattr(stream, "buffer", None)
        if buffer is not None:
            hooks.wrap(buffer, "write", Write)
    hooks.wrap(os, "write", WriteTo)
