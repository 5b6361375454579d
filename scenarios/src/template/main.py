"""A few children say hello, and the parent waits for them."""
import os
import time
from multiprocessing import Process

from playground import params


def hello(n):
    print(f"{n} 号向大家问好，进程 {os.getpid()} 父进程 {os.getppid()}")
    time.sleep(params.pause)


if __name__ == "__main__":
    ps = [Process(target=hello, args=(n,), name=f"child-{n}") for n in range(1, params.children + 1)]
    for p in ps:
        p.start()
    for p in ps:
        p.join()
    print("都结束了")
