"""Writes and says things in an order that the log must keep. The argument names the way."""
import os, sys
from report import say, child


def interleaved():
    for number in range(300):
        os.write(1, b"o%d\n" % number)
        say(e=number)
        os.write(2, b"e%d\n" % number)
    (there, first), (second, back) = os.pipe(), os.pipe()

    def echo():
        for number in range(100):
            os.read(there, 1)
            say(h=number)
            os.write(back, b"x")
        os._exit(0)

    pid = child(echo)
    for number in range(100):
        os.write(1, b"H%d\n" % number)
        os.write(first, b"x")
        os.read(second, 1)
    os.waitpid(pid, 0)


def big():
    """Three processes write a million bytes each, in one call as long as it takes."""
    def flood(number):
        rest = (b"%d" % number) * 99 + b"\n"
        rest *= 10_000
        while rest:
            rest = rest[os.write(1, rest):]
        os._exit(number)
    for number in range(3):
        child(lambda: flood(number))
    for _ in range(3):
        os.wait()


def partial():
    """Two processes write one line each, in pieces, in turn; a third dies without its newline."""
    (there, first), (second, back) = os.pipe(), os.pipe()

    def other():
        for piece in (b"other ", b"writes ", b"this\n"):
            os.read(there, 1)
            os.write(1, piece)
            os.write(back, b"x")
        os._exit(0)

    pid = child(other)
    for piece in (b"one ", b"writes ", b"that\n"):
        os.write(1, piece)
        os.write(first, b"x")
        os.read(second, 1)
    os.waitpid(pid, 0)
    os.waitpid(child(lambda: (os.write(1, b"no newline"), os.write(2, b"nor here"), os.kill(os.getpid(), 9))), 0)


def closed():
    """Without standard output and error there is nothing to write to, and nothing breaks."""
    os.close(1)
    os.close(2)
    say(closed=True)
    os._exit(0)


globals()[sys.argv[1]]()
