"""A worker is killed in mid-task: who notices?"""
import os
import time
from multiprocessing import Pool, TimeoutError
from signal import SIGKILL

from playground import params

TASKS = ["听音乐", "吃饭", "打游戏", "散步", "睡觉"]


def task(name):
    print(f"开始 {name} 进程 {os.getpid()}")
    time.sleep(params.length)
    if name == "打游戏":
        if params.how == "kill":
            os.kill(os.getpid(), SIGKILL)
        elif params.how == "exit":
            os._exit(1)
        elif params.how == "raise":
            raise RuntimeError("手柄坏了")
    return f"{name} 做完了"


if __name__ == "__main__":
    pool = Pool(params.size)
    results = [(name, pool.apply_async(task, (name,))) for name in TASKS]
    for name, result in results:
        try:
            print(result.get(timeout=params.timeout))
        except TimeoutError:
            print(f"{name} 没有等到结果")
        except RuntimeError as error:
            print(f"{name} 出错: {error}")
    if params.end == "terminate":
        pool.terminate()
    else:
        pool.close()
    pool.join()
    print("over!!!")
