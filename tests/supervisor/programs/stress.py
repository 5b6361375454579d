"""Kills processes that fork without end at random moments, and hands messages over by pipes between.

Arguments: a seed and the number of kills.
"""
import os, random, sys, time
import report
from report import say

random.seed(int(sys.argv[1]))


def forker():
    while True:
        pid = os.fork()
        if pid == 0:
            os.write(1, b"born\n")
            os._exit(random.randrange(20))
        if random.random() < 0.7:
            os.waitpid(pid, 0)


for _ in range(int(sys.argv[2])):
    pid = report.child(forker)
    time.sleep(random.random() * 0.006)
    os.kill(pid, 9)
    _, status = os.waitpid(pid, 0)
    say(killed=[pid, status])
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        say(hello=os.getpid())
        os.write(writer, b"1")
        os._exit(3)
    os.close(writer)
    assert os.read(reader, 1) == b"1"
    say(heard=pid)
    assert os.read(reader, 1) == b""
    say(gone=pid)
    os.close(reader)
    os.waitpid(pid, 0)
    say(joined=[pid, 3])
