"""A signal comes: what a process does about it, and what it cannot choose."""
import os
import sys
import time
from multiprocessing import Event, Process
from signal import SIG_DFL, SIG_IGN, SIGCONT, SIGSTOP, Signals, signal

from playground import params


def on_signal(signum, frame):
    print(f"小明 收到 {Signals(signum).name}")
    if params.action == "leave":
        sys.exit(0)


def dream(ready, signum):
    action = {"default": SIG_DFL, "ignore": SIG_IGN}.get(params.action, on_signal)
    try:
        signal(signum, action)
    except OSError:
        print(f"小明 {signum.name} 由不得我")
    ready.set()
    time.sleep(params.sleep)
    print("小明 睡醒了")


if __name__ == "__main__":
    signum = Signals[params.signal.upper()]
    ready = Event()
    p = Process(target=dream, args=(ready, signum), name="小明")
    p.start()
    ready.wait()
    for signum in (SIGSTOP, SIGCONT) if signum == SIGSTOP else (signum,):
        time.sleep(params.sleep / 4)
        print(f"主进程 发出 {signum.name}")
        os.kill(p.pid, signum)
    p.join()
    print(f"小明 的退出码 {p.exitcode}")
