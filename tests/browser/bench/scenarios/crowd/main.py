"""A pool, a queue and a lock at once: 64 processes, and about as many events as a run may have."""
import time
from multiprocessing import Pool, Process, Queue, Value

from playground import random


def task(number):
    time.sleep(random(f"task {number}") * 0.2)
    print(f"{number} done")
    return number


def put(queue, who, count):
    for number in range(count):
        time.sleep(random(f"put {who} {number}") * 0.04)
        queue.put(f"{who}-{number}.png")


def get(queue, who):
    while queue.get() is not None:
        time.sleep(random(f"get {who}") * 0.05)


def add(total, who):
    for number in range(30):
        time.sleep(random(f"add {who} {number}") * 0.1)
        with total.get_lock():
            total.value += 1


if __name__ == "__main__":
    pool = Pool(40)
    results = [pool.apply_async(task, (number,), callback=str) for number in range(1900)]
    queue, total = Queue(5), Value("q", 0)
    putters = [Process(target=put, args=(queue, who, 200)) for who in range(4)]
    getters = [Process(target=get, args=(queue, who)) for who in range(6)]
    early, late = [[Process(target=add, args=(total, who)) for who in shift] for shift in (range(6), range(6, 13))]
    for process in putters + getters + early:
        process.start()
    for process in putters + early:
        process.join()
    for process in late:
        process.start()
    for _ in getters:
        queue.put(None)
    for process in getters + late:
        process.join()
    pool.close()
    pool.join()
    print(f"{total.value} under the lock")
