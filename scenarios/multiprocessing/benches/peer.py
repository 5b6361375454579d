"""The same work in CPython. Prints what one measurement took, in seconds."""

import sys
import time
from multiprocessing import Pool, Process, Queue


def produce(q, count):
    for n in range(count):
        q.put(n)


def queue(capacity, sides, count):
    q = Queue(capacity)
    producers = [Process(target=produce, args=(q, count)) for _ in range(sides)]
    consumers = [Process(target=consume, args=(q, count)) for _ in range(sides)]
    began = time.perf_counter()
    for p in producers + consumers:
        p.start()
    for p in producers + consumers:
        p.join()
    return time.perf_counter() - began


def consume(q, count):
    for _ in range(count):
        q.get()


def same(n):
    return n


def apply_async(workers, count):
    with Pool(workers) as pool:
        pool.apply(same, (0,))
        began = time.perf_counter()
        results = [pool.apply_async(same, (n,)) for n in range(count)]
        for result in results:
            result.get()
        return time.perf_counter() - began


def apply(workers, count):
    with Pool(workers) as pool:
        pool.apply(same, (0,))
        began = time.perf_counter()
        for n in range(count):
            pool.apply(same, (n,))
        return time.perf_counter() - began


def nothing():
    pass


def start_join(count):
    began = time.perf_counter()
    for _ in range(count):
        p = Process(target=nothing)
        p.start()
        p.join()
    return time.perf_counter() - began


if __name__ == "__main__":
    name, *numbers = sys.argv[1:]
    print(globals()[name](*map(int, numbers)))
