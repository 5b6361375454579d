"""What CPython runs first in every interpreter of a run: it starts the adapter.

`site` imports the first module of this name that it finds; the playground puts this folder first (`PYTHONPATH`), so
it is found in the program's interpreter, in the children that `spawn` and `forkserver` start, in the fork server and
in the resource tracker. Without `PLAYGROUND_EVENTS` in the environment nothing happens here at all. In either case
the `sitecustomize` that the system or the user has, and that this one hides, runs as it would have.
"""

import os
import sys


def hidden_sitecustomize(folder):
    """The module that would have been imported if this one were not there."""
    path = [entry for entry in sys.path if os.path.abspath(entry) != folder]
    for finder in sys.meta_path:
        spec = finder.find_spec("sitecustomize", path)
        if spec is not None and spec.origin:
            return spec
    return None


def run_hidden(folder):
    """Runs it in a namespace of its own; whatever it raises is `site`'s affair, as ever."""
    spec = hidden_sitecustomize(folder)
    if spec is not None:
        names = {"__name__": "sitecustomize", "__file__": spec.origin, "__spec__": spec, "__builtins__": __builtins__}
        exec(spec.loader.get_code("sitecustomize"), names)


if os.environ.get("PLAYGROUND_EVENTS"):
    try:
        import playground_adapter

        playground_adapter.start()
    except Exception as error:  # The program must run, told or not.
        print(f"playground: the adapter does not start, nothing is told: {error!r}", file=sys.stderr)
run_hidden(os.path.dirname(os.path.abspath(__file__)))
