"""A manager: its server is a process, too."""
from multiprocessing import Manager, Process


def put(shared, key, value):
    shared[key] = value


if __name__ == "__main__":
    with Manager() as manager:
        shared = manager.dict()
        ps = [Process(target=put, args=(shared, key, value)) for key, value in (("a", 1), ("b", 2))]
        for p in ps:
            p.start()
        for p in ps:
            p.join()
        print(dict(sorted(shared.items())))
