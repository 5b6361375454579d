"""How a call is wrapped, and how a module is changed when the program imports it.

Nothing of `multiprocessing` is imported by the adapter itself: a finder in front of `sys.meta_path` waits until the
program wants a module, lets it be loaded as usual, and then wraps some of its methods. What a version of CPython does
not have is not wrapped, and that much less is told.
"""

import os
import sys

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


def fault(error):
    """Told less, but never a program that fails for it; who tests the adapter wants to know."""
    if SHOWS_FAULTS:
        code = origin(error).tb_frame.f_code
        print(f"playground_adapter: {error!r} in {code.co_filename}, {code.co_name}", file=sys.stderr)


def origin(error):
    """The last step of an exception's traceback: where it was raised."""
    trace = error.__traceback__
    while trace.tb_next is not None:
        trace = trace.tb_next
    return trace


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
