"""The same work by 1, 2, 3 … processes: how much faster?"""
import time
from math import sqrt
from multiprocessing import Process

from playground import params

times = []


def work(blocks):
    """Real work for a processor: a thousand square roots a block."""
    for _ in range(int(blocks)):
        sum(map(sqrt, range(1000)))


def measure():
    """How many blocks one processor does in a second."""
    start, blocks = time.process_time(), 0
    while time.process_time() - start < 0.1:
        work(1)
        blocks += 1
    return blocks / 0.1


if __name__ == "__main__":
    blocks = measure() * params.seconds
    alone = blocks * params.serial / 100
    for n in range(1, params.processes + 1):
        start = time.monotonic()
        work(alone)
        ps = [Process(target=work, args=((blocks - alone) / n,), name=f"{i}/{n}") for i in range(1, n + 1)]
        for p in ps:
            p.start()
        for p in ps:
            p.join()
        times.append(round(time.monotonic() - start, 3))
        print(f"{n} 个进程 用时 {times[-1]:.2f} s 快 {times[0] / times[-1]:.2f} 倍")
    print(f"最多快 {times[0] / min(times):.2f} 倍")
