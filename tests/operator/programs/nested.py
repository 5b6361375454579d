"""Children of children, and a queue from the grandchildren to the first process."""
from multiprocessing import JoinableQueue, Process, SimpleQueue


def grandchild(n, results):
    print(f"grandchild {n}", flush=True)
    results.put(n)


def child(results):
    ps = [Process(target=grandchild, args=(n, results)) for n in range(2)]
    for p in ps:
        p.start()
    for p in ps:
        p.join()


if __name__ == "__main__":
    results = SimpleQueue()
    p = Process(target=child, args=(results,))
    p.start()
    p.join()
    todo = JoinableQueue()
    todo.put("nothing")
    todo.get()
    todo.task_done()
    todo.join()
    print("sum", results.get() + results.get())
