"""Ends children in every way: each exit code, each deadly signal, real-time signals with and without handler."""
import os, signal
from report import say, child


def expect(pid):
    _, status = os.waitpid(pid, 0)
    say(ended=[pid, os.waitstatus_to_exitcode(status)])


for code in range(256):
    expect(child(lambda: os._exit(code)))
harmless = {signal.SIGCHLD, signal.SIGURG, signal.SIGWINCH, signal.SIGCONT}
stopping = {signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU}
for number in sorted(set(range(1, 65)) - harmless - stopping - {32, 33}):
    def die():
        if number not in (9, 19):
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        signal.pause()
    expect(child(die))


def catches():
    signal.signal(40, lambda *_: say(caught=40))
    os.kill(os.getpid(), 40)
    os._exit(7)


expect(child(catches))
