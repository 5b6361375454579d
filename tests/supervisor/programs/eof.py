"""Sees the end of a pipe whose other end only a child held, a hundred times, however the child ends."""
import os
from report import say, child

for round in range(100):
    reader, writer = os.pipe()
    ways = [lambda: os._exit(11), lambda: os.kill(os.getpid(), 9), lambda: os.abort()]
    pid = child(lambda: (os.write(1, b"last words\n"), ways[round % 3]()))
    os.close(writer)
    assert os.read(reader, 1) == b""
    say(gone=pid)
    os.close(reader)
    os.waitpid(pid, 0)
    say(joined=[pid, 0])
