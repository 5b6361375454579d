"""Which line of the program gave a global its value.

The adapter sees that a variable has changed, not the moment. So it reads the program: the lines that can change it are
few, and mostly one. Left out are lines that assign another constant than the value is, and those outside of any
function and loop that this process had passed when it last told the variable. Where more than one line remains nobody
can know, and the line is told on which the change was noticed.
"""

import builtins

from . import values

#: Programs longer than this are not read.
SOURCE_MAX_BYTES = 64 * 1024

#: `PyCF_ONLY_AST`: a syntax tree without importing `ast`, which is slow.
ONLY_TREE = 0x0400

#: What has local variables of its own.
SCOPES = ("FunctionDef", "AsyncFunctionDef", "Lambda", "ClassDef", "ListComp", "SetComp", "DictComp", "GeneratorExp")

LOOPS = ("For", "AsyncFor", "While")

#: Methods of lists and dicts that change nothing.
READERS = ("index", "count", "copy", "get", "keys", "values", "items")

_setters = {}


class Setter:
    """A line that can change a variable."""

    def __init__(self, line, once, replaces, constant):
        self.line = line
        #: Outside of any function and loop.
        self.once = once
        #: It binds the name to another value, instead of changing the list or dict that it stands for.
        self.replaces = replaces
        #: The JSON of the constant that it assigns, if it does.
        self.constant = constant

    def can_have_set(self, value, said, passed, stands):
        """Whether the value can come from here, in a process that has run the lines up to `passed` before and stands
        on line `stands` now."""
        if self.once and not passed < self.line <= stands:
            return False
        return self.constant in (None, said) and (self.replaces or type(value) not in values.ATOMS)


def line_of(name, value, said, space, passed, stands):
    """The only line that can have given a global of this space its value, or None if there are more or none."""
    possible = [setter for setter in of_program(space).get(name, ()) if setter.can_have_set(value, said, passed, stands)]
    exact = [setter for setter in possible if setter.constant is not None]
    lines = {setter.line for setter in exact or possible}
    return lines.pop() if len(lines) == 1 else None


def of_program(space):
    """All setters of the program whose globals these are, by name."""
    path = space.get("__file__")
    if path not in _setters:
        _setters[path] = {}  # Also if reading fails: once is enough.
        _setters[path] = read(path)
    return _setters[path]


def read(path):
    """The setters of a file."""
    found = {}
    with open(path, "rb") as file:
        source = file.read(SOURCE_MAX_BYTES + 1)
    if len(source) <= SOURCE_MAX_BYTES:
        walk(tree_of(source, path), frozenset(), True, found)
    return found


def tree_of(source, path):
    """The program's syntax tree. What the parser warns of, CPython has said already."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(source, path, "exec", ONLY_TREE)


def walk(node, hidden, once, found):
    """Notes what a node and those below it can change. `hidden` are the names that are a function's own here."""
    kind = type(node).__name__
    if kind in SCOPES:
        hidden, once = hidden | own_names(node), once and kind not in SCOPES[:3]
    once = once and kind not in LOOPS
    for name, replaces, constant in changes(node, kind):
        if name not in hidden:
            found.setdefault(name, []).append(Setter(node.lineno, once, replaces, constant))
    for child in children(node):
        if not (kind == "Assign" and type(child).__name__ == "Name" and is_changed(child)):
            walk(child, hidden, once, found)


def changes(node, kind):
    """The variables that a node itself can change: name, whether the name is bound anew, the constant that it gets."""
    if kind == "Assign":
        return [(target.id, True, constant(node.value)) for target in node.targets if type(target).__name__ == "Name"]
    if kind == "Name" and is_changed(node):
        return [(node.id, True, None)]
    if kind in ("Subscript", "Attribute") and is_changed(node):
        return [(root(node), False, None)]
    if kind == "Call":
        return [(name, False, None) for name in handed_over(node)]
    return []


def constant(node):
    """The JSON of a constant or of an empty list or dict; None for what is computed."""
    kind = type(node).__name__
    if kind == "Constant":
        return values.short(node.value)
    if kind == "List" and not node.elts:
        return "[]"
    return "{}" if kind == "Dict" and not node.keys else None


def is_changed(node):
    """Whether a name or a part is assigned to or deleted, not only read."""
    return type(node.ctx).__name__ != "Load"


def handed_over(call):
    """The variables whose value a call may change: that of a method, and the arguments of what is not built in."""
    function = call.func
    if type(function).__name__ == "Attribute":
        changed = [] if function.attr in READERS else [root(function)]
    elif type(function).__name__ == "Name" and hasattr(builtins, function.id):
        return []
    else:
        changed = []
    return changed + [argument.id for argument in call.args if type(argument).__name__ == "Name"]


def root(node):
    """The variable of which this is a part: `table` of `table["a"].b`."""
    while type(node).__name__ in ("Subscript", "Attribute"):
        node = node.value
    return node.id if type(node).__name__ == "Name" else None


def own_names(scope):
    """The names that belong to a function, a class or a comprehension, not to the program."""
    names, shared = set(), set()
    nodes = list(children(scope))
    while nodes:
        node = nodes.pop()
        kind = type(node).__name__
        if kind == "Global":
            shared.update(node.names)
        elif kind == "arg":
            names.add(node.arg)
        elif kind == "Name" and is_changed(node):
            names.add(node.id)
        if kind not in SCOPES:
            nodes.extend(children(node))
    return names - shared


def children(node):
    """The nodes below a node."""
    for field in node._fields:
        value = getattr(node, field, None)
        for child in value if type(value) is list else [value]:
            if hasattr(child, "_fields"):
                yield child
