"""Every way to wait for a child; `joined` is said as soon as the caller knows."""
import ctypes, os, signal, time
from report import say, child


def joined(pid):
    say(joined=[pid, 0])


for _ in range(30):
    pid = child(lambda: os._exit(1))
    os.waitpid(pid, 0)
    joined(pid)
for _ in range(10):  # polls
    pid = child(lambda: time.sleep(0.003))
    while os.waitpid(pid, os.WNOHANG) == (0, 0):
        pass
    joined(pid)
for _ in range(10):  # looks first, takes then
    pid = child(lambda: os._exit(2))
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    say(peeked=pid)
    os.waitid(os.P_PID, pid, os.WEXITED)
    joined(pid)
for _ in range(5):
    pids = {child(lambda: os._exit(3)) for _ in range(4)}
    while pids:
        pid, _ = os.wait()
        pids.remove(pid)
        joined(pid)
libc = ctypes.CDLL(None, use_errno=True)
for _ in range(5):  # does not want to know who it was
    pid = child(lambda: os._exit(4))
    assert libc.waitid(0, 0, None, os.WEXITED) == 0
    joined(pid)
    pid = child(lambda: os._exit(4))
    assert libc.waitpid(pid, None, 0) == pid
    joined(pid)


def ignoring():
    """The kernel reaps; a wait returns when the last child is gone."""
    for _ in range(5):
        pid = child(lambda: os._exit(8))
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            joined(pid)


def ignores():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    ignoring()
    os._exit(0)


class Action(ctypes.Structure):
    _fields_ = [("handler", ctypes.c_void_p), ("mask", ctypes.c_ulong * 16), ("flags", ctypes.c_int), ("restorer", ctypes.c_void_p)]


def no_zombies():
    assert libc.sigaction(signal.SIGCHLD, ctypes.byref(Action(flags=2)), None) == 0  # SA_NOCLDWAIT
    ignoring()
    os._exit(0)


for body in (ignores, no_zombies):
    pid = child(body)
    os.waitpid(pid, 0)
    joined(pid)
