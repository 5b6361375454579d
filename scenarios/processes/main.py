"""Two child processes, each with a target, arguments and a name."""
import os
import time
from multiprocessing import Process

from playground import params


def listen(period):
    while True:
        print(f"听歌 进程 {os.getpid()} 父进程 {os.getppid()}")
        time.sleep(period)


def eat(period):
    while True:
        print(f"吃饭 进程 {os.getpid()} 父进程 {os.getppid()}")
        time.sleep(period)


if __name__ == "__main__":
    print(f"主进程 {os.getpid()}")
    jobs = [(listen, "听歌", params.listen_period), (eat, "吃饭", params.eat_period)]
    for n in range(params.children):
        target, name, period = jobs[n % 2]
        p = Process(target=target, args=(period,), name=name)
        if params.call == "start":
            p.start()
        else:
            p.run()
    print("主进程的代码到此为止")
