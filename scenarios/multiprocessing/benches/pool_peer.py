"""The same work in CPython. Prints what one measurement took, in seconds."""

import sys
import time
from multiprocessing import Pool, active_children


def same(n):
    return n


def timed(workers, body):
    with Pool(workers) as pool:
        pool.map(same, range(workers))
        began = time.perf_counter()
        body(pool)
        return time.perf_counter() - began


def apply_async(workers, count):
    def body(pool):
        results = [pool.apply_async(same, (n,)) for n in range(count)]
        for result in results:
            result.get()

    return timed(workers, body)


def imap_unordered(workers, count):
    return timed(workers, lambda pool: sum(pool.imap_unordered(same, range(count))))


def imap(workers, count):
    return timed(workers, lambda pool: sum(pool.imap(same, range(count))))


def map_one(workers, count):
    return timed(workers, lambda pool: pool.map(same, range(count), chunksize=1))


def map_default(workers, count):
    return timed(workers, lambda pool: pool.map(same, range(count)))


def round_trips(workers, count, pause):
    with Pool(workers) as pool:
        pool.map(same, range(workers))
        trips = []
        for n in range(count):
            time.sleep(pause)
            began = time.perf_counter()
            pool.apply(same, (n,))
            trips.append(time.perf_counter() - began)
        return sorted(trips)


def apply_p50(workers, count):
    return round_trips(workers, count, 0)[count // 2] * count


def apply_p99(workers, count):
    return round_trips(workers, count, 0)[count * 99 // 100] * count


def idle_p50(workers, count):
    return round_trips(workers, count, 0.005)[count // 2] * count


def first(workers, count):
    firsts = []
    for _ in range(count):
        began = time.perf_counter()
        with Pool(workers) as pool:
            pool.apply(same, (1,))
            firsts.append(time.perf_counter() - began)
    return sorted(firsts)[count // 2] * count


def memory(workers, count):
    """Not seconds but gigabytes."""
    with Pool(workers) as pool:
        pool.map(same, range(1000), chunksize=1)
        return sum(pss(worker.pid) for worker in active_children()) / 1e9 * count / workers


def pss(pid):
    with open(f"/proc/{pid}/smaps_rollup") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


if __name__ == "__main__":
    name, *numbers = sys.argv[1:]
    print(globals()[name](*map(int, numbers)))
