"""Cooks fill a steamer with few places, guests empty it; who tells them that it is over?"""
import time
from multiprocessing import Process, Queue

from playground import params


def cook(q, n):
    for i in range(1, params.buns + 1):
        bun = (n - 1) * params.buns + i
        time.sleep(params.make)
        print(f"做好 {bun} 号包子")
        q.put(bun)


def guest(q):
    while (bun := q.get()) is not None:
        print(f"吃 {bun} 号包子")
        time.sleep(params.eat)
    if params.sentinels == "passed_on":
        q.put(None)
    print("没有包子了，回家")


if __name__ == "__main__":
    q = Queue(params.capacity)
    cooks = [Process(target=cook, args=(q, n), name=f"厨师-{n}") for n in range(1, params.cooks + 1)]
    guests = [Process(target=guest, args=(q,), name=f"客人-{n}") for n in range(1, params.guests + 1)]
    for p in cooks + guests:
        p.start()
    for p in cooks:
        p.join()
    for _ in range(params.guests if params.sentinels == "each" else 1):
        q.put(None)
    for p in guests:
        p.join()
    print("打烊")
