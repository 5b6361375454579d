"""download puts pictures into a queue, getfile takes them out."""
import time
from multiprocessing import Process, Queue
from queue import Empty

from playground import params


def download(q, n):
    for i in range((n - 1) * params.items + 1, n * params.items + 1):
        file = f"{i}.png"
        print(f"正在下载 {file}")
        time.sleep(params.put_period)
        q.put(file)


def getfile(q):
    while True:
        try:
            file = q.get(timeout=params.timeout)
        except Empty:
            break
        time.sleep(params.get_period)
        print(f"保存 {file}")
    print("没有新的图片了")


if __name__ == "__main__":
    q = Queue(params.capacity)
    producers, consumers = range(1, params.producers + 1), range(1, params.consumers + 1)
    ps = [Process(target=download, args=(q, n), name=f"download-{n}") for n in producers]
    ps += [Process(target=getfile, args=(q,), name=f"getfile-{n}") for n in consumers]
    for p in ps:
        p.start()
    if params.join:
        for p in ps:
            p.join()
    print("over!!!")
