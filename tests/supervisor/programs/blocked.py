"""Seven children, each blocked in another way or busy; says who is which, then waits to be ended."""
import os, threading, time
from report import say, child

reader, writer = os.pipe()


def locks():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def busy():
    while True:
        pass


def grows():
    """Twenty MiB of its own, then rest."""
    kept = bytearray(b"x" * (20 << 20))
    time.sleep(1000)
    return kept


ways = {
    "nanosleep": lambda: time.sleep(1000),
    "read(pipe)": lambda: os.read(reader, 1),
    "futex": locks,
    "futex(timeout)": lambda: threading.Event().wait(1000),
    "busy": busy,
    "grows": grows,
}
for name, way in ways.items():
    say(child=[child(way), name])


def waits():
    pid = child(lambda: time.sleep(1000))
    say(waited=pid)
    os.waitpid(pid, 0)


say(child=[child(waits), "wait4"])
time.sleep(1000)
