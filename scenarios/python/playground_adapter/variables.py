"""The program's global variables, whenever the adapter is called and they have changed.

A global is what a function uses and none of its calls owns, so it is those names of the main script that its
functions mention (or all, where there are no functions): loop variables of the script's last lines are not meant.
Constants, by PEP 8 in capitals, and private names are not told, nor anything but simple values. As a process that is
forked has its own copy, each process tells its values anew.
"""

import os

from . import channel, places, values

FunctionType = type(lambda: None)
CodeType = type((lambda: None).__code__)

_told = {}
_teller = 0
_names = {}


def look(frame):
    """Tells what has changed since the last look."""
    space = frame.f_globals
    if space.get("__name__") not in ("__main__", "__mp_main__"):
        return
    global _teller
    if _teller != os.getpid():
        _told.clear()
        _teller = os.getpid()
    at = places.of(frame)
    for name in mentioned(space):
        if name in space:
            look_at(name, space[name], at)


def look_at(name, value, at):
    """Tells one variable if it is new or changed."""
    former, said_before = _told.get(name, (look_at, None))
    if value is former and type(value) in values.ATOMS:
        return
    said = values.variable(value)
    if said is not None and said != said_before:
        channel.tell("variable.set", at, name=name, value=said)
    _told[name] = (value if type(value) in values.ATOMS else None, said)


def mentioned(space):
    """The names that are worth a look, found again when the program has more or fewer of them."""
    known = _names.get(id(space))
    if known is None or known[0] != len(space):
        known = _names[id(space)] = (len(space), find(space))
    return known[1]


def find(space):
    """The names that functions and methods of the program use, in the order in which it made them."""
    codes = [code for value in list(space.values()) for code in codes_of(value, space)]
    used = {name for code in codes for name in names_of(code)}
    return [name for name in space if is_variable(name) and (name in used or not codes)]


def codes_of(value, space):
    """The code of a function of the program, or of the methods of one of its classes."""
    if type(value) is FunctionType:
        return [value.__code__] if value.__globals__ is space else []
    if isinstance(value, type) and value.__module__ == space.get("__name__"):
        return [method.__code__ for method in vars(value).values() if type(method) is FunctionType]
    return []


def names_of(code):
    """All global names in a code and in those inside it."""
    inside = [name for constant in code.co_consts if type(constant) is CodeType for name in names_of(constant)]
    return [*code.co_names, *inside]


def is_variable(name):
    """Not private, and not a constant."""
    return type(name) is str and name[:1] != "_" and not name.isupper()


def global_name(thing, frame):
    """The program's global variable that holds a thing."""
    return name_in(frame.f_globals, thing)


def any_name(thing, frame):
    """What the program calls a thing: outside of any function, or where it stands."""
    return name_in(frame.f_globals, thing) or name_in(frame.f_locals, thing)


def name_in(space, thing):
    """The first name of a thing, if it has one."""
    for name, value in list(space.items()):
        if value is thing and name[:1] != "_":
            return name
    return None
