"""The program's global variables, whenever the adapter is called and they have changed.

A global is what a function uses and none of its calls owns, so it is those names of the main script that its
functions mention (or all, where there are no functions): loop variables of the script's last lines are not meant.
Constants, by PEP 8 in capitals, and private names are not told, nor anything but simple values. As a process that is
forked has its own copy, each process tells its values anew.

A look is taken at each call that the adapter hooks, and before the program writes: what an output shows has been told.
A value is told at the line that gave it, where that can be known (`setters`), else at the line of the look.
"""

import os

from . import channel, places, setters, values

FunctionType = type(lambda: None)
CodeType = type((lambda: None).__code__)

#: What the script is called, also in a child that is no copy of its parent.
MAIN = ("__main__", "__mp_main__")

#: Behind the last line of any script.
BEHIND = 1 << 31

#: Of a variable that has not been told yet.
NEVER = (object(), None, 0)

#: What each variable was when it was last told: the value itself if it cannot change, its JSON, and the line on which
#: the script's own code stood.
_told = {}
#: The same of the process that this one is a copy of.
_inherited = {}
_teller = 0
_names = {}


def look(frame):
    """Tells what has changed since the last look."""
    space = frame.f_globals
    if space.get("__name__") not in MAIN:
        return
    global _told, _inherited, _teller
    if _teller != os.getpid():
        _told, _inherited = {}, _told
        _teller = os.getpid()
    for name in mentioned(space):
        if name in space:
            look_at(name, space[name], frame)


def look_at(name, value, frame):
    """Tells one variable if it is new or changed."""
    former, said_before, passed = _told.get(name, NEVER)
    if value is former and type(value) in values.ATOMS:
        return
    said = values.variable(value)
    if said is not None and said != said_before:
        stands = script_line(frame)
        channel.tell("variable.set", place(name, value, said, stands, frame), name=name, value=said)
        passed = stands
    _told[name] = (value if type(value) in values.ATOMS else None, said, passed)


def place(name, value, said, stands, frame):
    """Where the variable got this value, in a process whose script stands on line `stands`."""
    here = places.of(frame)
    _, said_before, passed = _told.get(name) or _inherited.get(name, NEVER)
    if said == said_before:
        return here  # A copy's first look: nobody set it since the fork.
    line = setters.line_of(name, value, said, frame.f_globals, passed, stands)
    return here if line is None else (places.name_of(frame.f_globals["__file__"]), line)


def script_line(frame):
    """The line on which the script's own code stands, outside of any function; behind all lines where it does not run,
    as in a child that `spawn` made."""
    while frame is not None:
        if frame.f_code.co_name == "<module>" and frame.f_globals.get("__name__") in MAIN:
            return frame.f_lineno
        frame = frame.f_back
    return BEHIND


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
