"""Globals that change before they are shown, in every way in which a program writes."""
import io
import logging
import os
import sys
from contextlib import redirect_stdout
from multiprocessing import get_context

m = 0
seen = []
level = "low"


class Tee:
    """What a program may put in the place of its standard output."""

    def write(self, text):
        return sys.__stdout__.write(text)

    def flush(self):
        sys.__stdout__.flush()


def raw(text):
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def replaced(text):
    with redirect_stdout(Tee()):
        print(text, end="")


def swallowed(text):
    with redirect_stdout(io.StringIO()) as kept:
        print(text, end="")
    sys.stdout.write(kept.getvalue())


WAYS = {
    "print": lambda text: print(text, end=""),
    "write": lambda text: sys.stdout.write(text),
    "raw": raw,
    "descriptor": lambda text: os.write(1, text.encode()),
    "log": lambda text: logging.warning(text[:-1]),
    "replaced": replaced,
    "swallowed": swallowed,
}


def count(way):
    global m, level
    m += 1
    seen.append(m)
    if m == 2:
        level = "high"
    WAYS[way](f"{way} m={m} seen={seen} level={level}\n".replace(", ", ","))


def child():
    for way in WAYS:
        count(way)


if __name__ == "__main__":
    logging.basicConfig(format="%(message)s")
    p = get_context(sys.argv[1]).Process(target=child, name="child")
    p.start()
    p.join()
    child()
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        count("print")
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(pid, 0)
    replaced = sys.stdout = Tee()
    count("print")
    sys.stdout = None
    print("nobody hears this")
