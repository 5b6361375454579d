"""What an object is called goes along to a child that is no copy of its parent.

A queue or a lock may be sent to a process that is being started, and to nobody else; CPython's `ForkingPickler` does
it, and has a recipe for some types. A type that has something to tell gets another one: the object's own, and the
label with it. What the object itself says of its state stays as it was.
"""

import sys

from . import telling

#: Where an object keeps what it is called.
LABEL = "_playground"

_travels = set()


def label_of(thing):
    """What an object is called, or None if it is not the program's own."""
    return thing.__dict__.get(LABEL)


def let(thing, dress, title=None):
    """Objects of exactly this type take their label along, or what `title(thing)` makes of it; `dress(thing, label)`
    puts it on again."""
    kind = type(thing)
    if kind not in _travels:
        _travels.add(kind)
        pickler = sys.modules["multiprocessing.reduction"].ForkingPickler
        former = getattr(pickler, "_extra_reducers", {}).get(kind)
        pickler.register(kind, recipe(former, dress, title or label_of))


def recipe(former, dress, title):
    """How an object is taken apart: as before, and its label."""

    def reduce(thing):
        parts = former(thing) if former else thing.__reduce_ex__(2)
        label = label_of(thing) and telling.quiet(title)(thing)
        if label is None or any(parts[3:]):
            return parts
        make, args, state = (*parts, None)[:3]
        return revive, (dress, label, make, args, state)

    return reduce


def revive(dress, label, make, args, state):
    """Puts an object together again, in the child."""
    thing = make(*args)
    if hasattr(thing, "__setstate__"):
        thing.__setstate__(state)
    elif state:
        thing.__dict__.update(state)
    telling.quiet(dress)(thing, label)
    return thing
