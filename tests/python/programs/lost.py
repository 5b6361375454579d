"""A worker is killed from outside in the midst of its task."""
import sys
import time
from multiprocessing import TimeoutError, get_context

if __name__ == "__main__":
    with get_context(sys.argv[1]).Pool(2) as pool:
        result = pool.apply_async(time.sleep, (1,))
        try:
            result.get(timeout=4)
        except TimeoutError:
            print("the task is lost")
        pool.map(abs, range(8))
        print("the pool is not")
