"""A process type of one's own: it overrides run."""
import os
import time
from multiprocessing import Process

from playground import params


class MyProcess(Process):
    def __init__(self, name):
        if not params.forget_init:
            super().__init__()
        self.name = name

    def run(self):
        for n in range(1, params.rounds + 1):
            print(f"{self.name} 第 {n} 次 进程 {os.getpid()} 父进程 {os.getppid()}")
            time.sleep(params.period)


if __name__ == "__main__":
    for name in (params.first_name, params.second_name):
        p = MyProcess(name)
        p.start()
    print("主进程的代码到此为止")
