"""Holds everything that has a name outside of the process, and takes no notice of SIGTERM."""
import signal
import sys
import time
from multiprocessing import get_context
from multiprocessing.shared_memory import SharedMemory


def hold(lock, q):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with lock:
        q.put("held")
        time.sleep(60)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ctx = get_context(sys.argv[1])
    lock, q = ctx.Lock(), ctx.Queue(3)
    memory = SharedMemory(create=True, size=1000)
    p = ctx.Process(target=hold, args=(lock, q), name="holder")
    p.start()
    print(q.get(), memory.name, *(f"sem.{name[1:]}" for name in [lock._semlock.name, q._sem._semlock.name] if name))
    lock.acquire()
