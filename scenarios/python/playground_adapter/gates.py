"""What stands between CPython's objects and their locks and pipes.

A lock or a connection that has a gate asks it first; one that has none, as all those that libraries make for
themselves, does what it always did.
"""

import select

#: Where a lock or connection keeps its gate.
GATE = "_gate"


def gate_of(thing):
    """The gate of a lock or a connection, or None."""
    return thing.__dict__.get(GATE)


def enter(original):
    """`SemLock.__enter__`."""

    def __enter__(self):
        gate = gate_of(self)
        return original(self) if gate is None else gate.acquire()

    return __enter__


def leave(original):
    """`SemLock.__exit__`."""

    def __exit__(self, *error):
        gate = gate_of(self)
        return original(self, *error) if gate is None else gate.release()

    return __exit__


def send(original):
    """`Connection._send_bytes`."""

    def _send_bytes(self, buf):
        gate = gate_of(self)
        return original(self, buf) if gate is None else gate.send(self, original, buf)

    return _send_bytes


def receive(original):
    """`Connection._recv_bytes`."""

    def _recv_bytes(self, maxsize=None):
        gate = gate_of(self)
        return original(self, maxsize) if gate is None else gate.receive(self, original, maxsize)

    return _recv_bytes


class Turn:
    """The lock of those who use one end of a queue's pipe: to wait for one's turn is to wait for the queue."""

    def __init__(self, present):
        self.present = present

    def guard(self, lock):
        """Stands before this lock from now on."""
        self.raw, self.release = lock._semlock.acquire, lock._semlock.release
        lock.acquire = self.acquire
        lock.__dict__[GATE] = self

    def acquire(self, block=True, timeout=None):
        """As the lock's own."""
        op = self.present()
        if op is None:
            return self.raw(block, timeout)
        if self.raw(False):
            return True
        if not block:
            return False
        op.blocked()
        return self.raw(True, timeout)


def is_readable(connection):
    """Whether there is something to read, or the end."""
    return bool(poll(connection, select.POLLIN))


def poll(connection, events):
    """What poll(2) says now."""
    watched = select.poll()
    watched.register(connection.fileno(), events)
    ready = watched.poll(0)
    return ready[0][1] if ready else 0
