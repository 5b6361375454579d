"""fork in a loop: n calls, and how many processes?"""
import os
import time

from playground import params

if __name__ == "__main__":
    if params.half_line:
        print("我是谁？", end="")
    for _ in range(params.forks):
        child = os.fork()
        if params.who == "parent" and child == 0 or params.who == "child" and child > 0:
            break
    print(f"进程 {os.getpid()} 父进程 {os.getppid()}")
    time.sleep(params.life)
    while params.wait:
        try:
            os.wait()
        except ChildProcessError:
            break
