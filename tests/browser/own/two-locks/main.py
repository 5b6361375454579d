"""Two locks, taken in two orders; a bystander waits for what nobody puts."""
import time
from multiprocessing import Lock, Process, Queue


def work(first, second):
    with first:
        time.sleep(0.3)
        with second:
            print("both")


def wait(queue):
    print(queue.get())


if __name__ == "__main__":
    a, b, queue = Lock(), Lock(), Queue()
    ps = [
        Process(target=work, args=(a, b), name="P1"),
        Process(target=work, args=(b, a), name="P2"),
        Process(target=wait, args=(queue,), name="P3"),
    ]
    for p in ps:
        p.start()
    for p in ps:
        p.join()
