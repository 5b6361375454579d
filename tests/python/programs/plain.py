"""What nobody adapted: forks by hand, threads, other programs, executors, managers; and errors that are the program's."""
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Lock, Manager, Process, Queue, RLock, current_process
from multiprocessing.pool import ThreadPool
from queue import Empty


class Rings(TimeoutError):
    """Raised by a signal handler in the midst of a call."""


class Odd:
    """A built-in function as an attribute is no method; pickling runs code of the program."""

    nap = time.sleep

    def __reduce__(self):
        print("reduce")
        return Odd, ()


def square(n):
    return n * n


def ring(*_):
    raise Rings


def bad():
    raise ValueError("bad")


if __name__ == "__main__":
    pid = os.fork()
    if pid == 0:
        print("child", flush=True)
        os._exit(3)
    print(os.waitpid(pid, 0)[1])
    with ProcessPoolExecutor(2) as executor:
        print(list(executor.map(square, range(5))))
    with Manager() as manager:
        shared = manager.list([1])
        shared.append(2)
        print(list(shared))
    thread = threading.Thread(target=print, args=("thread",))
    thread.start()
    thread.join()
    print(subprocess.run([sys.executable, "-c", "print('sub')"], capture_output=True, text=True).stdout)
    pool = ThreadPool(2)
    print(pool.map(square, range(4)))
    pool.close()
    pool.join()
    thread = threading.Thread(target=Queue().get_nowait, name="hungry")
    thread.start()
    thread.join()
    Odd().nap(0.01)
    assert pickle.loads(pickle.dumps(time.sleep)) is time.sleep
    q = Queue(1)
    q.put(Odd())
    print(type(q.get()).__name__)
    try:
        q.get(timeout=0.01)
    except Empty:
        traceback.print_exc()
    try:
        q.put()
    except TypeError as error:
        print(error)
    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        q.get()
    except Rings:
        print("rings")
    p = Process(target=bad, name="bad")
    p.start()
    p.join()
    print(p.exitcode)
    for lock in (RLock(), Lock()):
        try:
            lock.release()
        except (AssertionError, ValueError) as error:
            print(type(error).__name__, error)
    lock.acquire()
    print(lock)
    current_process().name = "renamed"
    print(current_process())
    time.sleep("x")
