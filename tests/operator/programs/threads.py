"""Several threads make processes at the same time."""
import os
import threading
from multiprocessing import Process

codes = []


def child(n):
    print(f"child {n}", flush=True)
    os._exit(n)


def make(n):
    p = Process(target=child, args=(n,))
    p.start()
    p.join()
    codes.append(p.exitcode)


if __name__ == "__main__":
    threads = [threading.Thread(target=make, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("codes", sorted(codes))
