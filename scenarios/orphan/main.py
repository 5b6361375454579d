"""An orphan: its parent is gone; who is its parent now?"""
import os
import sys
import time
from multiprocessing import current_process

from playground import params

NAMES = ["小明", "爸爸", "爷爷", "太爷爷"]


def begin(generation):
    """Forks the process of that generation, which forks the next."""
    father = os.getpid()
    pid = os.fork()
    if pid > 0:
        return pid
    name = NAMES[generation]
    current_process().name = name
    print(f"{name} 进程 {os.getpid()} 父进程 {father}")
    if generation > 0:
        child = begin(generation - 1)
        time.sleep(params.life)
        if params.wait:
            os.waitpid(child, 0)
    else:
        while not params.wait and os.getppid() == father:
            time.sleep(0.05)
        print(f"{name} 现在的父进程 {os.getppid()}")
        time.sleep(params.life)
    print(f"{name} 走了")
    sys.exit(0)


if __name__ == "__main__":
    child = begin(params.elders)
    os.waitpid(child, 0)
    print(f"主进程 {os.getpid()} 收走了 {child}")
    time.sleep(2 * params.life)
