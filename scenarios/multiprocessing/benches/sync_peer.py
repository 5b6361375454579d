"""Locks, events, pipes and shared numbers in CPython. Prints what one measurement took, in seconds."""

import sys
import time
from multiprocessing import Array, Barrier, Condition, Event, Lock, Pipe, Process, RLock, Semaphore, Value


def alone(acquire, release, count):
    began = time.perf_counter()
    for _ in range(count):
        acquire()
        release()
    return time.perf_counter() - began


def lock(sides, count):
    it = Lock()
    return alone(it.acquire, it.release, count)


def rlock(sides, count):
    it = RLock()
    return alone(it.acquire, it.release, count)


def semaphore(sides, count):
    it = Semaphore(3)
    return alone(it.acquire, it.release, count)


def is_set(sides, count):
    event = Event()
    began = time.perf_counter()
    for _ in range(count):
        event.is_set()
    return time.perf_counter() - began


def value(sides, count):
    n = Value("I", 0)
    began = time.perf_counter()
    for _ in range(count):
        with n.get_lock():
            n.value += 1
    return time.perf_counter() - began


def array(sides, count):
    a = Array("I", 16)
    began = time.perf_counter()
    for n in range(count):
        a[n % 16] = n
    return time.perf_counter() - began


def together(processes):
    began = time.perf_counter()
    for p in processes:
        p.start()
    for p in processes:
        p.join()
    return time.perf_counter() - began


def count_under(lock, n, count):
    for _ in range(count):
        with lock:
            n.value += 1


def contended(sides, count):
    it, n = Lock(), Value("I", 0)
    return together([Process(target=count_under, args=(it, n, count)) for _ in range(sides)])


def play_events(mine, other, serves, count):
    for _ in range(count):
        if serves:
            other.set()
        mine.wait()
        mine.clear()
        if not serves:
            other.set()


def event(sides, count):
    there, back = Event(), Event()
    return together([
        Process(target=play_events, args=(there, back, False, count)),
        Process(target=play_events, args=(back, there, True, count)),
    ])


def play_condition(cond, turn, mine, count):
    for _ in range(count):
        with cond:
            cond.wait_for(lambda: turn.value == mine)
            turn.value = 1 - mine
            cond.notify(1)


def condition(sides, count):
    cond, turn = Condition(), Value("I", 0)
    return together([Process(target=play_condition, args=(cond, turn, n, count)) for n in range(2)])


def run(line, count):
    for _ in range(count):
        line.wait()


def barrier(sides, count):
    line = Barrier(sides)
    return together([Process(target=run, args=(line, count)) for _ in range(sides)])


def echo(conn, count):
    for _ in range(count):
        conn.send(conn.recv())


def ask(conn, count):
    for n in range(count):
        conn.send(n)
        conn.recv()


def pipe(sides, count):
    here, there = Pipe()
    return together([Process(target=echo, args=(there, count)), Process(target=ask, args=(here, count))])


if __name__ == "__main__":
    work, sides, count = sys.argv[1:]
    print(globals()[work](int(sides), int(count)))
