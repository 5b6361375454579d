"""Everybody takes one chopstick and waits for the other: round the table, and for ever."""
import time
from multiprocessing import Lock, Process

from playground import params

NAMES = ["小明", "小红", "小刚", "小丽", "小强"]


def eat(name, first, second):
    gives_way = name == "小明" and params.patience > 0
    patience = params.patience if gives_way else None
    with first:
        print(f"{name} 拿起一根筷子")
        time.sleep(params.pause)
        if second.acquire(timeout=patience):
            print(f"{name} 两根都有了，吃面")
            second.release()
        else:
            print(f"{name} 不等了，放下筷子，饿着走")


if __name__ == "__main__":
    n = params.people
    sticks = [Lock() for _ in range(n)]
    guests = []
    for i, name in enumerate(NAMES[:n]):
        pair = [i, (i + 1) % n]
        if params.order == "smaller_first":
            pair.sort()
        guests.append(Process(target=eat, args=(name, sticks[pair[0]], sticks[pair[1]]), name=name))
    for p in guests:
        p.start()
    for p in guests:
        p.join()
    print("散席")
