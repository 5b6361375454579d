"""What the Python programs of the scenarios import: their parameters, and chance that can be repeated.

The twin of `src/random.rs` and of the generated `Params`. Any CPython runs a scenario:

    PYTHONPATH=scenarios PLAYGROUND_SEED=7 PLAYGROUND_PARAMS='{"size": 3}' python3 -B scenarios/pool/main.py
"""

import json
import os
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

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


def read_params():
    """The defaults of the `scenario.toml` beside the program, and what the environment says instead."""
    program = Path(getattr(sys.modules["__main__"], "__file__", "main.py"))
    manifest = program.with_name("scenario.toml")
    params = tomllib.loads(manifest.read_text(encoding="utf-8"))["params"] if manifest.exists() else []
    defaults = {param["name"]: param["default"] for param in params}
    return SimpleNamespace(**defaults | json.loads(os.environ.get("PLAYGROUND_PARAMS", "{}")))


params = read_params()
