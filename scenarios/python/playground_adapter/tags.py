"""The number of an item or a message, on its way through a pipe.

It follows the pickle. Unpickling ends at the pickle's last byte, which is a full stop, and ignores what follows: so
also somebody who knows nothing of tags reads the item. A tag ends with another byte than a full stop, so that pickles
with and without one are told apart.
"""

import struct

_TAIL = struct.Struct("<HQ4s")
_MARK = b"\x00PP\x00"

#: What a tag adds at most, without a note.
LENGTH = _TAIL.size


def add(pickle, number, note=""):
    """The pickle with a number and a short note behind it."""
    words = note.encode("utf-8", "replace")
    return b"".join((pickle, words, _TAIL.pack(len(words), number, _MARK)))


def split(message):
    """The pickle, its number and its note; the number is None where there is no tag."""
    if message[-4:] != _MARK or len(message) < _TAIL.size:
        return message, None, ""
    length, number, _ = _TAIL.unpack(message[-_TAIL.size :])
    end = len(message) - _TAIL.size - length
    return message[:end], number, bytes(message[end : end + length]).decode("utf-8", "replace")
