"""A daemonic child ends with its parent; for others the parent waits."""
import time
from multiprocessing import Process, current_process

from playground import params


def sing(with_child):
    name = current_process().name
    if with_child:
        Process(target=sing, args=(False,), name="小红").start()
    for n in range(1, params.songs + 1):
        print(f"{name} 唱第 {n} 首")
        time.sleep(params.period)
    print(f"{name} 唱完了")


if __name__ == "__main__":
    p = Process(target=sing, args=(params.with_child,), name="小明", daemon=params.daemon)
    p.start()
    time.sleep(params.life)
    if params.join:
        p.join()
    print("主进程的代码到此为止")
