"""Several processes count on one counter: read, add, write. Who was in between?"""
import time
from contextlib import nullcontext
from multiprocessing import Process, Value

from playground import params, random

NAMES = ["小明", "小红", "小刚", "小丽", "小强", "小芳"]


def count(name, n):
    for i in range(params.times):
        time.sleep(random(f"{name} 等人 {i}") * params.every)
        with n.get_lock() if params.lock else nullcontext():
            seen = n.value
            time.sleep(random(f"{name} {i}") * params.gap)
            n.value = seen + 1
    print(f"{name} 数了 {params.times} 个人")


if __name__ == "__main__":
    n = Value("q", 0)
    counters = [Process(target=count, args=(name, n), name=name) for name in NAMES[:params.doors]]
    for p in counters:
        p.start()
    for p in counters:
        p.join()
    people = params.doors * params.times
    print(f"进来 {people} 人，计数器上是 {n.value}，少了 {people - n.value}")
