"""A child has put more than a pipe holds, and ends only when its parent reads."""
from multiprocessing import Process, Queue

if __name__ == "__main__":
    q = Queue()
    p = Process(target=q.put, args=("x" * 200_000,), name="child")
    p.start()
    p.join(2)
    print(p.is_alive())
    print(len(q.get()))
    p.join()
