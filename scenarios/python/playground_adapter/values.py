"""Small values as JSON.

Only values of the exact built-in types are shown: anything else would run code of the program to be looked at.
"""

from .channel import Json, text

#: Values whose JSON is longer than this are left out of events.
VALUE_MAX_BYTES = 200

#: Variables whose JSON is longer than this are shown as an ellipsis; lists of results grow.
VARIABLE_MAX_BYTES = 2000

#: Names and messages longer than this are cut off.
TEXT_MAX_BYTES = 1000

#: Lists deeper than this may contain themselves.
DEPTH_MAX = 8


class Unsayable(Exception):
    """A value that is too long, or of a type that is not shown."""


def short(value):
    """The value as JSON, or None if it is not a short and simple one."""
    return within(VALUE_MAX_BYTES, value)


def variable(value):
    """The value as JSON, an ellipsis for a long one, or None for one that is not simple."""
    if not is_simple(value):
        return None
    return within(VARIABLE_MAX_BYTES, value) or Json('"…"')


def within(room, value):
    """The value as JSON if that has at most so many bytes."""
    try:
        said = write(value, room, 0)
    except Unsayable:
        return None
    return Json(said) if len(said.encode("utf-8", "replace")) <= room else None


def brief(words):
    """A name or a message, cut off where it is too long to be told."""
    if len(words) * 4 <= TEXT_MAX_BYTES:
        return words
    cut = words[:TEXT_MAX_BYTES].encode("utf-8", "replace")[: TEXT_MAX_BYTES].decode("utf-8", "ignore")
    return words if cut == words else cut + "…"


def is_simple(value, depth=0):
    """Whether it is a number, a text, or a list or dict of such; of a long list the first items speak for it."""
    kind = type(value)
    if kind in ATOMS:
        return True
    if depth > DEPTH_MAX:
        return False
    if kind is dict:
        few = [item for pair, _ in zip(value.items(), range(20)) for item in pair]
    elif kind in (list, tuple):
        few = value[:20]
    else:
        return False
    return all(is_simple(item, depth + 1) for item in few)


ATOMS = frozenset((str, int, float, bool, type(None)))


def write(value, room, depth):
    """JSON, or `Unsayable` as soon as it is certain to be too long."""
    kind = type(value)
    if kind is str and len(value) <= room:
        return text(value)
    if kind is int and value.bit_length() <= 64:
        return str(value)
    if kind is float and value - value == 0:  # Neither infinite nor not a number.
        return repr(value)
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if depth > DEPTH_MAX or kind not in (list, tuple, dict) or len(value) * 2 > room:
        raise Unsayable
    if kind is dict:
        return "{" + ",".join(f"{key(name)}:{write(item, room, depth + 1)}" for name, item in value.items()) + "}"
    return "[" + ",".join(write(item, room, depth + 1) for item in value) + "]"


def key(name):
    """A key of a dict as JSON has them."""
    if type(name) not in (str, int):
        raise Unsayable
    return text(str(name)[:VARIABLE_MAX_BYTES])


def error(raised):
    """What an exception says, or its type if it says nothing."""
    return brief(str(raised) or type(raised).__name__)
