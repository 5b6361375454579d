"""Each task's result goes to a callback, which runs in the parent."""
import os
import time
from multiprocessing import Pool

from playground import params, random

TASKS = """听音乐 吃饭 打游戏 散步 睡觉 学习 打球
           洗衣服 做饭 看书 画画 下棋 写信 浇花""".split()
results = []


def task(name):
    start = time.monotonic()
    time.sleep(random(name) * params.longest)
    if params.raises and name == "听音乐":
        raise RuntimeError("耳机没电了")
    return f"完成 {name} 用时 {time.monotonic() - start:.2f} s 进程 {os.getpid()}"


def callback(result):
    print(f"回调 进程 {os.getpid()}: {result}")
    results.append(result)


def error_callback(error):
    print(f"出错 进程 {os.getpid()}: {error}")


if __name__ == "__main__":
    pool = Pool(params.size)
    on_error = error_callback if params.error_callback else None
    for name in TASKS[:params.tasks]:
        pool.apply_async(task, (name,), callback=callback, error_callback=on_error)
    pool.close()
    pool.join()
    print(f"{params.tasks} 个任务 {len(results)} 个结果")
    print("over!!!")
