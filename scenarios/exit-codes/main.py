"""Six ways to end a process, and what its parent is told."""
import os
import signal
import sys
from multiprocessing import Process

from playground import params

WAYS = ["return", "sys.exit(n)", "sys.exit(text)", "raise", "os._exit(n)", "kill"]


def end(way):
    try:
        if way == "sys.exit(n)":
            sys.exit(params.code)
        elif way == "sys.exit(text)":
            sys.exit("不干了")
        elif way == "raise":
            raise RuntimeError("出错了")
        elif way == "os._exit(n)":
            os._exit(params.code)
        elif way == "kill":
            os.kill(os.getpid(), getattr(signal, params.signal.upper()))
    finally:
        print(f"{way} 收尾")


if __name__ == "__main__":
    ps = [Process(target=end, args=(way,), name=way) for way in WAYS]
    for p in ps:
        p.start()
    for p in ps:
        p.join()
        print(f"{p.name} 的退出码 {p.exitcode}")
