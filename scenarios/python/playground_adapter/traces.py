"""Keeps the adapter out of tracebacks: a reader of an error sees the program and CPython's own files, as ever.

Every call through the adapter has a frame here. `traceback` walks over the frames of an error, and is made to step
over ours; what the interpreter prints by itself is pruned before it is printed.
"""

import sys

from . import places


def excepthook(kind, error, trace):
    """The interpreter's own, with a pruned traceback."""
    prune(error)
    sys.__excepthook__(kind, error, pruned(trace))


def pruned_arguments(args):
    """What `threading.excepthook` is called with, with a pruned traceback."""
    prune(args.exc_value)
    return type(args)((*args[:2], pruned(args.exc_traceback), args.thread))


def prune(error):
    """The tracebacks of an error, and of those that led to it."""
    causes, seen = [error], set()
    while causes:
        cause = causes.pop()
        if cause is not None and id(cause) not in seen:
            seen.add(id(cause))
            cause.__traceback__ = pruned(cause.__traceback__)
            causes += [cause.__cause__, cause.__context__]


def pruned(trace):
    """The same steps without ours."""
    while trace is not None and places.is_ours(trace.tb_frame):
        trace = trace.tb_next
    step = trace
    while step is not None:
        while step.tb_next is not None and places.is_ours(step.tb_next.tb_frame):
            step.tb_next = step.tb_next.tb_next
        step = step.tb_next
    return trace


def patch_traceback(traceback):
    """`traceback` walks over frames in one or two functions, by version."""
    for name in ("walk_tb", "_walk_tb_with_full_positions"):
        original = getattr(traceback, name, None)
        if original is not None:
            setattr(traceback, name, stepping_over(original))


def stepping_over(original):
    """The same walk without the steps that are ours."""

    def walk(trace):
        return (step for step in original(trace) if not places.is_ours(step[0]))

    walk.__name__, walk.__doc__ = original.__name__, original.__doc__
    return walk
