"""Stops and continues a child and waits to see it. Arguments: threads of the child, rounds."""
import os, signal, sys, threading, time
from report import say

threads, rounds = int(sys.argv[1]), int(sys.argv[2])
ready, told = os.pipe()
pid = os.fork()
if pid == 0:
    def idle():
        while True:
            time.sleep(0.001)
    for _ in range(threads - 1):
        threading.Thread(target=idle, daemon=True).start()
    os.write(told, b"1")
    idle()
os.read(ready, 1)
say(stops=pid)
for _ in range(rounds):
    os.kill(pid, signal.SIGSTOP)
    _, status = os.waitpid(pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    say(saw="stopped")
    os.kill(pid, signal.SIGCONT)
    _, status = os.waitpid(pid, os.WCONTINUED)
    assert os.WIFCONTINUED(status)
    say(saw="continued")
os.kill(pid, signal.SIGSTOP)
os.waitpid(pid, os.WUNTRACED)
os.kill(pid, 9)
_, status = os.waitpid(pid, 0)
say(end=status)


def terminal(handler):
    """SIGTSTP with its default, which stops, and with a handler, which does not."""
    ready, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)  # the kernel stops nobody in a group without a parent outside it
        if handler:
            def caught(*_):
                say(caught=os.getpid())
                os.write(told, b"1")
            signal.signal(signal.SIGTSTP, caught)
        os.write(told, b"1")
        while True:
            time.sleep(0.001)
    os.read(ready, 1)
    say(**{"handles" if handler else "obeys": pid})
    for _ in range(5):
        os.kill(pid, signal.SIGTSTP)
        if not handler:
            os.waitpid(pid, os.WUNTRACED)
            say(saw="tstp")
            os.kill(pid, signal.SIGCONT)
            os.waitpid(pid, os.WCONTINUED)
        else:
            os.read(ready, 1)
    os.kill(pid, 9)
    os.waitpid(pid, 0)


terminal(False)
terminal(True)
