"""Runners come to the line at different times; nobody starts before all are there."""
import sys
import time
from multiprocessing import Barrier, Process
from threading import BrokenBarrierError

from playground import params, random

NAMES = ["小明", "小红", "小刚", "小丽", "小强", "小芳"]


def warm_up(name):
    if name != "小红":
        return time.sleep(random(name) * params.warm_up)
    time.sleep(params.warm_up)
    if params.hong == "late":
        time.sleep(params.timeout + 0.5)
    elif params.hong == "falls":
        print("小红 扭伤了脚，回家了")
        sys.exit(1)


def run(name, line):
    warm_up(name)
    print(f"{name} 到了起跑线")
    try:
        line.wait(params.timeout or None)
        print(f"{name} 起跑")
    except BrokenBarrierError:
        print(f"{name} 不跑了: BrokenBarrierError")


if __name__ == "__main__":
    line = Barrier(params.runners, action=lambda: print("砰！"))
    runners = [Process(target=run, args=(name, line), name=name) for name in NAMES[:params.runners]]
    for p in runners:
        p.start()
    for p in runners:
        p.join()
