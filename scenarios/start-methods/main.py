"""One program and three ways to start a child: what does it know of its parent, and who is that?"""
import os
import time
from multiprocessing import get_context

from playground import params

NAMES = ["小明", "小红", "小刚", "小丽"]

m = 1


def task(name, n, ready):
    print(f"{name} 全局变量 m = {m} 参数 n = {n} 父进程 {os.getppid()}")
    ready.set()
    time.sleep(params.stay)


if __name__ == "__main__":
    m += 1
    print(f"主进程 全局变量 m = {m} 进程 {os.getpid()}")
    ctx = get_context(params.method)
    children = []
    for name in NAMES[:params.children]:
        ready = ctx.Event()
        p = ctx.Process(target=task, args=(name, m, ready), name=name)
        start = time.monotonic()
        p.start()
        ready.wait()
        print(f"{name} 就绪用时 {time.monotonic() - start:.4f} s")
        children.append(p)
    for p in children:
        p.join()
    print("over!!!")
