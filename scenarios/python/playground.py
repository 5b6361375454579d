"""What the Python programs of the scenarios import: their parameters, and chance that can be repeated.

It also makes standard output what it is on a terminal, written at the end of each line: a run's is a socket.

The twin of `src/stage/random.rs` and of the generated `Params`. CPython 3.9 or newer runs a scenario:

    PYTHONPATH=scenarios/python PLAYGROUND_SEED=7 PLAYGROUND_PARAMS='{"size": 3}' python3 -B scenarios/pool/main.py

The playground gives every parameter. By hand one may leave out what has a default: that is read
from `scenario.toml`, which needs CPython 3.11.
"""

import json
import os
import sys

sys.stdout.reconfigure(line_buffering=True, write_through=False)

MASK = 2**64 - 1
SEED = int(os.environ.get("PLAYGROUND_SEED", "0"))


def random(name):
    """A number from 0 up to but not including 1, the same for the same name and seed."""
    hash = 0xCBF29CE484222325 ^ mix(SEED)
    for byte in name.encode():
        hash = (hash ^ byte) * 0x100000001B3 & MASK
    return (mix(hash) >> 11) / 2**53


def mix(x):
    """The finaliser of SplitMix64."""
    x = x + 0x9E3779B97F4A7C15 & MASK
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & MASK
    x = (x ^ x >> 27) * 0x94D049BB133111EB & MASK
    return x ^ x >> 31


class Params:
    """What the visitor chose, one attribute a parameter."""

    def __init__(self, chosen):
        self.__dict__.update(chosen)

    def __getattr__(self, name):
        """Only called for what nobody chose."""
        default = None if name.startswith("__") else read_defaults().get(name)
        if default is None:
            raise AttributeError(f"scenario.toml has no parameter {name!r}")
        self.__dict__[name] = default
        return default


def read_defaults():
    """The defaults of the `scenario.toml` beside the program. Imports what only this needs."""
    import tomllib
    program = getattr(sys.modules["__main__"], "__file__", "main.py")
    with open(os.path.join(os.path.dirname(program), "scenario.toml"), "rb") as manifest:
        return {param["name"]: param["default"] for param in tomllib.load(manifest).get("params", [])}


params = Params(json.loads(os.environ.get("PLAYGROUND_PARAMS", "{}")))
