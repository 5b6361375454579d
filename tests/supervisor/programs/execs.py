"""Kills children at random moments around their execve(2), and says of each what it was when it died.

A process is called as its program from the moment on in which the kernel has replaced the one by the other;
as a zombie it still is. Arguments: a seed and the number of kills.
"""
import os, random, sys, time
from report import say

random.seed(int(sys.argv[1]))


def name_of(pid):
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().partition("(")[2].rpartition(")")[0]


def killed_around_exec(program, arguments):
    pid = os.fork()
    if pid == 0:
        os.execv(program, arguments)
    until = time.monotonic() + random.random() * 0.003
    while time.monotonic() < until:
        pass
    os.kill(pid, 9)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    name = name_of(pid)
    os.waitpid(pid, 0)
    return [pid, name == "true"]


here = name_of(os.getpid())
assert here != "true"
for _ in range(int(sys.argv[2])):
    say(died=killed_around_exec("/bin/true", ["true"]))
    # A second program: the one that was told is env, and true may come after.
    say(died_later=killed_around_exec("/usr/bin/env", ["env", "/bin/true"]))
