"""concurrent.futures: a pool of processes that is not multiprocessing's."""
from concurrent.futures import ProcessPoolExecutor


def square(n):
    print("worker done", flush=True)
    return n * n


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as executor:
        print(list(executor.map(square, [1, 2, 3])))
