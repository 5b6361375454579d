"""How a call is wrapped, and how a module is changed when the program imports it.

Nothing of `multiprocessing` is imported by the adapter itself: a finder in front of `sys.meta_path` waits until the
program wants a module, lets it be loaded as usual, and then wraps some of its methods. What a version of CPython does
not have is not wrapped, and that much less is told.
"""

import os
import sys

from . import channel, places, variables

#: Which of our modules changes which of theirs, by a function called `patch_` and the last part of its name.
PATCHES = {
    "multiprocessing.process": "processes",
    "multiprocessing.spawn": "processes",
    "multiprocessing.forkserver": "processes",
    "multiprocessing.resource_tracker": "processes",
    "multiprocessing.queues": "queues",
    "multiprocessing.connection": "pipes",
    "multiprocessing.synchronize": "locks",
    "multiprocessing.sharedctypes": "shared",
    "multiprocessing.pool": "pools",
    "traceback": "traces",
    "threading": "calls",
    "subprocess": "calls",
    "signal": "calls",
}

#: Whether faults of the adapter are printed.
SHOWS_FAULTS = bool(os.environ.get("PLAYGROUND_ADAPTER_FAULTS"))


class Watcher:
    """A finder that finds nothing itself, but sees what others find."""

    def find_spec(self, name, path=None, target=None):
        """The module as another finder finds it, with a loader that changes it once it is loaded."""
        if name not in PATCHES:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None:
                watch(spec)
                return spec
        return None


def watch(spec):
    """Makes the loader call us after it has run the module."""
    run = spec.loader.exec_module

    def exec_module(module):
        run(module)
        patch(spec.name, module)

    try:
        spec.loader.exec_module = exec_module
    except AttributeError:  # A loader that cannot be changed: this module tells nothing.
        pass


def patch(name, module):
    """Changes one module; one that is not as expected stays as it is."""
    try:
        ours = __import__(f"{__package__}.{PATCHES[name]}", None, None, ["*"])
        getattr(ours, "patch_" + name.rpartition(".")[2])(module)
    except Exception as error:
        fault(error)


def install():
    """Begins to watch imports; what is loaded already is changed now."""
    sys.meta_path.insert(0, Watcher())
    for name in PATCHES:
        if name in sys.modules:
            patch(name, sys.modules[name])


def wrap(owner, name, make):
    """Replaces `owner.name` by `make(original)`, which looks like it; does nothing where there is no such name."""
    original = getattr(owner, name, None)
    if original is None:
        return
    wrapper = make(original)
    for attribute in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(wrapper, attribute, getattr(original, attribute, None))
    wrapper.__wrapped__ = original
    setattr(owner, name, wrapper)


def is_ours(error):
    """Whether an exception was raised by the adapter itself, and not by a signal handler of the program in its midst."""
    trace = error.__traceback__
    while trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame.f_code.co_filename.startswith(places.HERE)


def fault(error):
    """Told less, but never a program that fails for it; who tests the adapter wants to know."""
    if SHOWS_FAULTS:
        print(f"playground_adapter: {error!r} at {places.last(error)}", file=sys.stderr)


def quiet(say):
    """What only tells: a fault in it never reaches the program."""

    def quietly(*args, **kwargs):
        if channel.on():
            try:
                return say(*args, **kwargs)
            except Exception as error:
                if not is_ours(error):
                    raise
                fault(error)
        return None

    return quietly


@quiet
def reached():
    """The program itself made this call: tells its line and its variables; the place, or None if a library called."""
    frame = places.caller()
    if frame is None:
        return None
    variables.look(frame)
    at = places.of(frame)
    channel.tell("line.reached", at)
    return at


@quiet
def stands():
    """As `reached`, for a call that has an event of its own at this line."""
    frame = places.caller()
    if frame is None:
        return None
    variables.look(frame)
    return places.of(frame)


@quiet
def line():
    """The line of the program on which this thread stands, whatever library lies between."""
    return places.of(places.ancestor())


def telling(owner, *names):
    """Wraps methods that only tell their line."""
    for name in names:
        wrap(owner, name, line_teller)


def line_teller(original):
    """A method that tells the line it is called from, and then does what it does."""

    def method(*args, **kwargs):
        reached()
        return original(*args, **kwargs)

    return method
