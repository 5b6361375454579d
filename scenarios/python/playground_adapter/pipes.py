"""Pipes: the messages through `Connection`s that the program itself has made, and who waits for them.

A message sent by `send` carries its number behind the pickle (see `tags`). Bytes sent by `send_bytes` are the
program's own to the last one, so nothing is added and no message told; who waits for them is.
"""

import fcntl
import io
import select
import struct
import termios

import _thread

from . import channel, gates, hooks, tags, telling, travel

#: The call that this thread is in.
_now = _thread._local()

F_GETPIPE_SZ = 1032


def patch_connection(module):
    """`Pipe` and `Connection`."""
    hooks.wrap(module, "Pipe", maker)
    kind = module.Connection
    hooks.wrap(kind, "_send_bytes", gates.send)
    hooks.wrap(kind, "_recv_bytes", gates.receive)
    for name in ("send", "send_bytes", "recv", "recv_bytes", "recv_bytes_into"):
        hooks.wrap(kind, name, caller(name == "send"))
    hooks.wrap(kind, "poll", poller)
    telling.calls(kind, "close")
    telling.calls(module, "wait")


def maker(original):
    """`Pipe`."""

    def Pipe(*args, **kwargs):
        ends = original(*args, **kwargs)
        christen(ends)
        return ends

    return Pipe


@telling.quiet
def christen(ends):
    """Gives both ends the pipe's number and name."""
    at = telling.reached()
    if at is not None:
        number = channel.number("pipe")
        for end in ends:
            dress(end, (number, f"Pipe-{number}"))


def dress(end, label):
    """Lets an end tell what goes through it."""
    end.__dict__[travel.LABEL] = label
    end.__dict__[gates.GATE] = End(*label)
    travel.let(end, dress)


def caller(tagged):
    """`send`, `recv` and their like: remembers the line, and whether the message is a pickle of the library's own."""

    def make(original):
        def method(self, *args, **kwargs):
            if travel.label_of(self) is None:
                return original(self, *args, **kwargs)
            outer, _now.call = getattr(_now, "call", None), (telling.stands(), tagged)
            try:
                return original(self, *args, **kwargs)
            finally:
                _now.call = outer

        return method

    return make


def poller(original):
    """`poll`, which may wait."""

    def poll(self, timeout=0.0):
        end = gates.gate_of(self)
        if not isinstance(end, End):
            return original(self, timeout)
        at = telling.reached()
        waits = (timeout is None or timeout > 0) and self._handle is not None and not gates.is_readable(self)
        if waits:
            end.say("sync.waiting", at)
        found = original(self, timeout)
        if waits:
            end.say("sync.acquired" if found else "sync.timeout", at)
        return found

    return poll


class End:
    """One end of a pipe."""

    def __init__(self, number, name):
        self.number, self.name = number, name

    @telling.quiet
    def say(self, kind, at):
        """That this process waits for the pipe, or no longer."""
        channel.tell(kind, at, object=self.number, name=self.name, kind="pipe")

    def send(self, connection, original, buf):
        """A message on its way out: told before anybody can read it."""
        at, tagged = getattr(_now, "call", None) or (None, False)
        number = channel.number("message") if tagged else None
        message = tags.add(buf, number) if tagged else buf
        waits = not has_room(connection, len(message))
        if waits:
            self.say("sync.waiting", at)
        if not is_broken(connection):
            self.told("pipe.sent", at, number, len(buf))
        return self.until(waits, at, lambda: original(connection, message))

    def receive(self, connection, original, maxsize):
        """A message on its way in."""
        at, _ = getattr(_now, "call", None) or (None, False)
        waits = not gates.is_readable(connection)
        if waits:
            self.say("sync.waiting", at)
        most = None if maxsize is None else maxsize + tags.LENGTH
        found = self.until(waits, at, lambda: original(connection, most))
        if found is None:
            return None
        message, number, _ = tags.split(found.getvalue())
        self.told("pipe.received", at, number, len(message))
        return None if maxsize is not None and len(message) > maxsize else buffer(message)

    def until(self, waits, at, call):
        """Makes the call, and tells how the wait for it ends."""
        ended = "sync.timeout"
        try:
            found = call()
            ended = "sync.acquired"
            return found
        finally:
            if waits:
                self.say(ended, at)

    @telling.quiet
    def told(self, kind, at, number, size):
        """A message that has a number; of others only the line is known."""
        if number is not None:
            channel.tell(kind, at, pipe=self.number, item=number, bytes=size)
        elif at is not None:
            channel.tell("line.reached", at)


def buffer(message):
    """As `Connection._recv_bytes` returns it: read to the end."""
    read = io.BytesIO()
    read.write(message)
    return read


def is_broken(connection):
    """Whether nobody can read any more what is sent."""
    return bool(gates.poll(connection, 0) & (select.POLLERR | select.POLLHUP))


def has_room(connection, size):
    """Whether a message of so many bytes can be sent at once, as far as can be known without sending it."""
    if not gates.poll(connection, select.POLLOUT):
        return False
    try:
        unread = struct.unpack("i", fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, b"\0" * 4))[0]
        return unread + size <= SOCKET_ROOM
    except OSError:
        pass
    try:
        unread = struct.unpack("i", fcntl.ioctl(connection.fileno(), termios.FIONREAD, b"\0" * 4))[0]
        return unread + size <= fcntl.fcntl(connection.fileno(), F_GETPIPE_SZ)
    except OSError:
        return True


#: What net.core.wmem_default usually lets a Unix socket hold.
SOCKET_ROOM = 212_992
