"""`Value` and `Array`: variables that all processes see.

Each write through the object is told as `variable.set` with the number of the shared memory, under the name of the
variable by which the program holds it. Every read and write takes the object's lock for a moment; that is told only
when the program takes it itself, or has to wait for it.
"""

from . import channel, hooks, locks, places, telling, travel, values, variables


def patch_sharedctypes(module):
    """`Value`, `Array` and what they return."""
    hooks.wrap(module, "Value", maker)
    hooks.wrap(module, "Array", maker)
    for kind in (module.Synchronized, module.SynchronizedString):
        if isinstance(vars(kind).get("value"), property):
            value = kind.value
            kind.value = property(hidden(value.fget), writer(value.fset), value.fdel, value.__doc__)
    array = module.SynchronizedArray
    hooks.wrap(array, "__getitem__", hidden)
    hooks.wrap(array, "__setitem__", writer)


def maker(original):
    """`Value` and `Array`: what the program itself makes is told from now on."""

    def function(*args, **kwargs):
        thing = original(*args, **kwargs)
        christen(thing)
        return thing

    return function


@telling.quiet
def christen(thing):
    """Gives the shared memory a number; without a lock there is nothing that could tell."""
    lock = getattr(thing, "_lock", None)
    if lock is None or telling.reached() is None:
        return
    number = channel.number("shared")
    kind = "Value" if not hasattr(thing, "__len__") else "Array"
    if travel.LABEL not in getattr(lock, "__dict__", {travel.LABEL: None}):
        locks.label(lock, "lock", locks.dress_lock)
    dress(thing, (number, f"{kind}-{number}"))


def dress(thing, label):
    """Lets the object tell what is written to it, and use its lock as that is now."""
    thing.__dict__[travel.LABEL] = label
    travel.let(thing, dress)
    thing.acquire, thing.release = thing._lock.acquire, thing._lock.release


def hidden(original):
    """A read, whose moment under the lock is nobody's affair."""

    def method(self, *args):
        with locks.Unsaid():
            return original(self, *args)

    return method


def writer(original):
    """A write."""

    def method(self, *args):
        with locks.Unsaid():
            original(self, *args)
        wrote(self)

    return method


@telling.quiet
def wrote(thing):
    """`variable.set`."""
    label = travel.label_of(thing)
    frame = None if label is None else places.ancestor()
    if frame is None:
        return
    inside = thing._obj
    value = list(inside[: values.VARIABLE_MAX_BYTES]) if hasattr(inside, "__len__") else inside.value
    said = values.variable(value.decode("latin-1") if isinstance(value, bytes) else value)
    if said is not None:
        name = variables.any_name(thing, frame) or label[1]
        channel.tell("variable.set", places.of(frame), name=name, value=said, shared=label[0])
