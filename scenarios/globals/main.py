"""Global variables: every process counts in a copy of its own."""
import time
from multiprocessing import Process, Value

from playground import params

m = 1
list = []


def count(name, period, writes, shared):
    global m
    for _ in range(params.rounds):
        if writes and shared:
            with shared.get_lock():
                shared.value += 1
                list.append(shared.value)
        elif writes:
            m += 1
            list.append(m)
        print(f"{name} m = {shared.value if shared else m} list = {list}")
        time.sleep(period)


if __name__ == "__main__":
    shared = Value("q", m) if params.shared else None
    first, second = params.writer in ("both", "first"), params.writer in ("both", "second")
    p1 = Process(target=count, args=("任务1", params.first_period, first, shared), name="任务1")
    p2 = Process(target=count, args=("任务2", params.second_period, second, shared), name="任务2")
    p1.start()
    p2.start()
    if params.writer == "main":
        count("主进程", params.first_period, True, shared)
    if params.report:
        p1.join()
        p2.join()
        print(f"主进程 最后 m = {shared.value if shared else m} list = {list}")
