"""A pool: few workers, many tasks; whoever is free takes the next."""
import os
import time
from multiprocessing import Pool

from playground import params, random

TASKS = """听音乐 吃饭 打游戏 散步 睡觉 学习 打球
           洗衣服 做饭 看书 画画 下棋 写信 浇花""".split()


def task(name):
    print(f"开始 {name} 进程 {os.getpid()}")
    start = time.monotonic()
    time.sleep(random(name) * params.longest)
    print(f"完成 {name} 用时 {time.monotonic() - start:.2f} s 进程 {os.getpid()}")


if __name__ == "__main__":
    pool = Pool(params.size)
    for name in TASKS[:params.tasks]:
        if params.call == "apply":
            pool.apply(task, (name,))
        else:
            pool.apply_async(task, (name,))
    if params.close:
        pool.close()
    if params.join:
        pool.join()
    print("over!!!")
