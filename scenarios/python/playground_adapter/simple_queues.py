"""`SimpleQueue`: a pipe with two locks.

It has no feeder thread and no places that somebody counts, so a semaphore of ours counts its items; it goes along
wherever the queue goes.
"""

import sys

from . import channel, gates, locks, pipes, queues, tags, telling, travel


def maker(original):
    """`SimpleQueue.__init__`: a queue that the program itself makes is told."""

    def method(self, *args, **kwargs):
        original(self, *args, **kwargs)
        christen(self, kwargs.get("ctx"))

    return method


@telling.quiet
def christen(queue, context):
    """Gives a queue a number, a name and a counter, and tells that it is there."""
    at = telling.stands()
    if at is not None:
        counter = locks.undress(sys.modules["multiprocessing.synchronize"].Semaphore(0, ctx=context))
        queues.announce(queue, at, 0, counter)
        dress(queue, travel.label_of(queue))


def dress(queue, label):
    """Puts ours between the queue and what it uses."""
    queue.__dict__[travel.LABEL] = label
    travel.let(queue, dress)
    for lock in (queue._rlock, queue._wlock):
        gates.Turn(queues.present).guard(lock)
    for end in (queue._reader, queue._writer):
        end.__dict__[gates.GATE] = End(label[2])


class End:
    """One end of the queue's pipe."""

    def __init__(self, counter):
        self.counter = counter

    def send(self, connection, original, buf):
        """`put`: the item is in the queue before anybody can read it."""
        op = queues.present()
        if op is None or op.number is None:
            return original(connection, buf)
        op.bytes = len(buf)
        message = tags.add(buf, op.number, op.value or "")
        if not pipes.has_room(connection, len(message)):
            op.blocked()
        self.counter.release()
        op.moved(self.counter.get_value())
        return original(connection, message)

    def receive(self, connection, original, maxsize):
        """`get`."""
        op = queues.present()
        if op is None:
            return original(connection, maxsize)
        if not gates.is_readable(connection):
            op.blocked()
        pickle, number, note = tags.split(original(connection, maxsize).getvalue())
        if number is not None:
            self.counter.acquire(False)
        op.took(number, note, len(pickle))
        op.moved(self.counter.get_value())
        return pipes.buffer(pickle)
