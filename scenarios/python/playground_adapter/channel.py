"""The socket to the observer, and the words on it.

An event is one datagram of JSON. The kernel adds the sender's pid, also through a socket inherited by `fork(2)`.
While the observer's buffer is full the program waits for it; when the observer is gone, nothing is told any more.
"""

import os
import time

import _socket

#: `protocol::event::MESSAGE_MAX_BYTES`; longer datagrams are refused there.
MESSAGE_MAX_BYTES = 16 * 1024

#: Descriptors where the socket hides from programs that count theirs from 3 or close them in a row.
HIDEOUTS = (1000, 500, 250, 60)

_socket_to_observer = None
_numbers = {}
_base = 0


def connect(path):
    """Connects to the observer; whether there is one."""
    global _socket_to_observer
    try:
        found = _socket.socket(_socket.AF_UNIX, _socket.SOCK_DGRAM)
        found.connect(path)
        _socket_to_observer = hide(found)
    except OSError:
        return False
    number_as_child()
    os.register_at_fork(after_in_child=number_as_child)
    return True


def hide(found):
    """The same socket at a high number, closed on exec(2): the program's first file stays number 3."""
    for fd in HIDEOUTS:
        if is_free(fd):
            try:
                os.dup2(found.fileno(), fd, inheritable=False)
            except OSError:  # Above the limit of descriptors.
                continue
            hidden = _socket.socket(_socket.AF_UNIX, _socket.SOCK_DGRAM, 0, fd)
            found.close()
            return hidden
    return found


def is_free(fd):
    """Whether this descriptor is not open."""
    try:
        os.fstat(fd)
    except OSError:
        return True
    return False


def on():
    """Whether anybody listens."""
    return _socket_to_observer is not None


def tell(event, at, /, **fields):
    """Sends one event. `at` is a place (file, line) or None; a field that is None is left out."""
    if _socket_to_observer is None:
        return
    where = "" if at is None else f'"at":{{"file":{text(at[0])},"line":{at[1]}}},'
    said = "".join(f',"{name}":{field(value)}' for name, value in fields.items() if value is not None)
    message = f'{{{where}"type":"{event}"{said}}}'.encode("utf-8", "replace")
    if len(message) <= MESSAGE_MAX_BYTES:
        send(message)


class Json(str):
    """A text that is JSON already."""

    __slots__ = ()


def field(value):
    """A field of an event: a number, a text, or JSON."""
    if type(value) is Json:
        return value
    return str(value) if type(value) is int else text(value)


def text(words):
    """A text as JSON; most have nothing to escape."""
    if words.isascii() and words.isprintable() and '"' not in words and "\\" not in words:
        return f'"{words}"'
    try:
        from _json import encode_basestring  # What `json` itself uses; `json` is slow to import.
    except ImportError:
        from json.encoder import encode_basestring
    return encode_basestring(words)


def send(message):
    """Sends a datagram; waits while there is no room for it."""
    global _socket_to_observer
    while _socket_to_observer is not None:
        try:
            _socket_to_observer.send(message, _socket.MSG_NOSIGNAL)
            return
        except OSError as error:
            if error.__traceback__.tb_next is not None:
                raise  # Not send(2) failed, but a signal handler of the program raised in the midst of it.
            import errno

            if error.errno == errno.EMSGSIZE:
                return
            if error.errno not in (errno.EAGAIN, errno.ENOBUFS, errno.ENOMEM):
                _socket_to_observer = None  # The observer closed its end, or the program this one.
                return
            wait_for_room()


def wait_for_room():
    """Sleeps until the socket can be written to, or the observer has gone, which the next attempt finds out."""
    import select

    room = select.poll()
    room.register(_socket_to_observer.fileno(), select.POLLOUT)
    room.poll()
    os.sched_yield()  # A socket with room is no cure for a kernel without memory: let others run, who may free some.


def number(of):
    """The next number of a thing of this sort; no two in a run are the same, and all fit into 53 bits."""
    count = _numbers[of] = _numbers.get(of, 0) + 1
    return _base + count


def be_first():
    """The first interpreter counts from 1."""
    global _base
    _base = 0


def number_as_child():
    """Any other process counts from its pid on, and from its hour, for pids come again: 22 bits, 15 bits, 16 bits."""
    global _base
    _numbers.clear()
    _base = os.getpid() << 31 | (int(time.monotonic() * 1000) & 0x7FFF) << 16
