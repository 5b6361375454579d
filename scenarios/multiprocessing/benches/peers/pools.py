"""So many tasks at once on five processes of the pool named. Prints what it took, in seconds."""

import sys
import time


def same(n):
    return n


def pool(count):
    from multiprocessing import Pool

    with Pool(5) as workers:
        workers.map(same, range(50))
        return timed(count, lambda n: workers.apply_async(same, (n,)), lambda result: result.get())


def executor(workers, count):
    list(workers.map(same, range(50)))
    seconds = timed(count, lambda n: workers.submit(same, n), lambda future: future.result())
    workers.shutdown()
    return seconds


def process_pool_executor(count):
    from concurrent.futures import ProcessPoolExecutor

    return executor(ProcessPoolExecutor(5), count)


def loky(count):
    from loky import get_reusable_executor

    return executor(get_reusable_executor(5), count)


def joblib(count):
    from joblib import Parallel, delayed

    with Parallel(n_jobs=5, batch_size=1) as parallel:
        parallel(delayed(same)(n) for n in range(50))
        began = time.perf_counter()
        assert parallel(delayed(same)(n) for n in range(count)) == list(range(count))
        return time.perf_counter() - began


def timed(count, submit, result):
    began = time.perf_counter()
    tasks = [submit(n) for n in range(count)]
    assert [result(task) for task in tasks] == list(range(count))
    return time.perf_counter() - began


if __name__ == "__main__":
    try:
        print(globals()[sys.argv[1]](int(sys.argv[2])))
    except ModuleNotFoundError as error:
        sys.exit(f"not here: pip install {error.name}")
