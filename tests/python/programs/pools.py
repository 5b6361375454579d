"""Every way to give a pool something to do."""
import sys
import time
from multiprocessing import TimeoutError, get_context


def square(n):
    time.sleep(0.01)
    return n * n


def add(a, b):
    return a + b


def fail(word):
    raise RuntimeError(f"no {word}")


def callback(value):
    print("callback", value)


def error_callback(error):
    print("error", error)


if __name__ == "__main__":
    ctx = get_context(sys.argv[1])
    with ctx.Pool(2) as pool:
        print(pool.apply(square, (3,)))
        pool.apply_async(add, ("听", "音乐"), callback=callback).wait()
        pool.apply_async(fail, ("tea",), error_callback=error_callback).wait()
        print(pool.map(square, range(10)), pool.starmap(add, [(1, 2), (3, 4)]))
        print(list(pool.imap(square, range(3))), sorted(pool.imap_unordered(square, range(5), chunksize=2)))
        pool.map_async(square, range(4), callback=callback).wait()
        try:
            pool.map(fail, ["a"])
        except RuntimeError as error:
            print("raised", error)
        try:
            pool.apply_async(time.sleep, (30,)).get(timeout=0.1)
        except TimeoutError:
            print("timeout")
        try:
            pool.apply(lambda: 0)
        except Exception as error:
            print(type(error).__name__)
    pool = ctx.Pool(2, maxtasksperchild=1)
    results = [pool.apply_async(square, (n,)) for n in range(3)]
    pool.close()
    pool.join()
    print([result.get() for result in results])
