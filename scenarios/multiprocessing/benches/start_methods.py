"""The same work in CPython. Prints what one measurement took, in seconds."""

import multiprocessing
import sys
import time


def nothing():
    pass


def start_join(method, heap_mb, count):
    ctx = multiprocessing.get_context(method)
    heap = bytearray(b"x") * (heap_mb << 20)
    p = ctx.Process(target=nothing)
    p.start()
    p.join()
    began = time.perf_counter()
    for _ in range(count):
        p = ctx.Process(target=nothing)
        p.start()
        p.join()
    seconds = time.perf_counter() - began
    assert len(heap) == heap_mb << 20
    return seconds


if __name__ == "__main__":
    method, *numbers = sys.argv[1:]
    print(start_join(method, *map(int, numbers)))
