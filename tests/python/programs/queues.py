"""Two producers and two consumers on a short queue; one more get than there are items."""
import sys
import time
from multiprocessing import get_context
from queue import Empty, Full

ITEMS = 6
done = 0


def produce(q, n):
    for i in range(ITEMS):
        q.put(f"{n}-{i}")


def consume(q, simple):
    global done
    while True:
        try:
            simple.put(q.get(timeout=1))
        except Empty:
            break
        done += 1
    print("empty")


if __name__ == "__main__":
    ctx = get_context(sys.argv[1])
    q, simple = ctx.Queue(2), ctx.SimpleQueue()
    ps = [ctx.Process(target=produce, args=(q, n), name=f"produce-{n}") for n in range(2)]
    for p in ps:
        p.start()
    while not q.full():
        time.sleep(0.01)
    try:
        q.put_nowait("too much")
    except Full:
        print("full")
    ps += [ctx.Process(target=consume, args=(q, simple), name=f"consume-{n}") for n in range(2)]
    for p in ps[2:]:
        p.start()
    print(*sorted(simple.get() for _ in range(2 * ITEMS)))
    for p in ps:
        p.join()
    j = ctx.JoinableQueue()
    j.put([1, None, {"a": 2.5}])
    print(j.get())
    j.task_done()
    j.join()
