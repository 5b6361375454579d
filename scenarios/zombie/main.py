"""A zombie: a child that has ended and that nobody has waited for."""
import os
import sys
import time
from multiprocessing import current_process
from signal import SIG_IGN, SIGCHLD, signal

from playground import params

NAMES = "小明 小红 小刚 小丽 小强 小芳 小军 小燕".split()


def collect(pids):
    for pid in pids:
        try:
            _, status = os.waitpid(pid, 0)
            print(f"收走 {pid} 退出码 {os.waitstatus_to_exitcode(status)}")
        except ChildProcessError:
            print(f"没有 {pid} 这个孩子了")


if __name__ == "__main__":
    if params.ignore:
        signal(SIGCHLD, SIG_IGN)
    pids = []
    for name in NAMES[:params.children]:
        pid = os.fork()
        if pid == 0:
            current_process().name = name
            print(f"{name} 做完了 进程 {os.getpid()}")
            sys.exit(7)
        pids.append(pid)
    if params.collect != "at_once":
        print("主进程 去忙别的")
        time.sleep(params.busy)
    if params.collect != "never":
        print("主进程 来收孩子")
        collect(pids)
