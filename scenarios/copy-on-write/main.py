"""fork copies no memory: a page is copied when somebody writes to it."""
import time
from multiprocessing import Process

from playground import params


def private():
    """The memory that is this process's alone, in MiB."""
    with open("/proc/self/smaps_rollup") as file:
        return sum(int(line.split()[1]) for line in file if line.startswith("Private")) / 1024


def visit(data, step):
    before = private()
    for n in range(4):
        for i in range(len(data) // 4 * n, len(data) // 4 * (n + 1), step):
            if params.touch == "read":
                data[i]
            elif params.touch == "write":
                data[i] += 2
        print(f"第 {n + 1} 段之后 多出 {max(private() - before, 0):.0f} MiB")
        time.sleep(params.pause)


if __name__ == "__main__":
    size = params.mib * 1024 * 1024
    if params.data == "bytearray":
        data, step = bytearray(b"\x01") * size, 4096
    else:
        data, step = list(range(size // 40)), 1
    print(f"fork 之前 独有 {private():.0f} MiB")
    p = Process(target=visit, args=(data, step), name="小明")
    p.start()
    p.join()
