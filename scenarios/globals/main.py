"""Global variables: every process counts in a copy of its own."""
import time
from multiprocessing import Process, Value

from playground import params

m = 1
list = []


def add(shared):
    global m
    if shared is None:
        m += 1
        return m
    with shared.get_lock():
        shared.value += 1
        return shared.value


def count(name, period, who, shared):
    for _ in range(params.rounds):
        if params.writer in (who, "both"):
            list.append(add(shared))
        print(f"{name} m = {shared.value if shared else m} list = {list}")
        time.sleep(period)


if __name__ == "__main__":
    shared = Value("q", m) if params.shared else None
    p1 = Process(target=count, args=("任务1", params.first_period, "first", shared), name="任务1")
    p2 = Process(target=count, args=("任务2", params.second_period, "second", shared), name="任务2")
    p1.start()
    p2.start()
    if params.writer == "main":
        count("主进程", params.first_period, "main", shared)
    if params.report:
        p1.join()
        p2.join()
        print(f"主进程 最后 m = {shared.value if shared else m} list = {list}")
