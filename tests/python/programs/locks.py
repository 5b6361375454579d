"""Two locks in two orders, an event, a barrier, a condition, a semaphore, shared memory and a pipe."""
import sys
import time
from multiprocessing import get_context


def two(mine, other, timeout, start, event):
    with mine:
        start.wait()
        event.wait()
        if other.acquire(timeout=timeout):
            print("got")
            other.release()
        else:
            print("gave up")


def partner(barrier, condition, semaphore, value, array, pipe):
    barrier.wait()
    with condition:
        condition.notify()
    with semaphore:
        value.value += 1
    with value.get_lock():
        value.value += 1
    array[0] = 7
    print(pipe.recv())
    pipe.send([1, 2])
    print(pipe.recv_bytes())


if __name__ == "__main__":
    ctx = get_context(sys.argv[1])
    event, start = ctx.Event(), ctx.Barrier(3)
    a, b = ctx.Lock(), ctx.RLock()
    first = ctx.Process(target=two, args=(a, b, 1.5, start, event), name="first")
    second = ctx.Process(target=two, args=(b, a, None, start, event), name="second")
    first.start()
    second.start()
    start.wait()
    time.sleep(0.3)
    event.set()
    first.join()
    second.join()
    barrier, condition, semaphore = ctx.Barrier(2), ctx.Condition(), ctx.BoundedSemaphore(2)
    value, array = ctx.Value("i", 5), ctx.Array("i", 3)
    pipe, far = ctx.Pipe()
    p = ctx.Process(target=partner, args=(barrier, condition, semaphore, value, array, far), name="partner")
    with condition:
        p.start()
        barrier.wait()
        print(condition.wait(5))
    pipe.send("hi")
    print(pipe.recv(), pipe.poll(0.1))
    pipe.send_bytes(b"raw")
    p.join()
    print(value.value, array[:])
