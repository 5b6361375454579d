"""A pool of five, then three processes, by the start method in the first argument."""
import multiprocessing, os, sys, time
from report import say


def work(number):
    say(task=number)
    print("task", number, os.getpid(), flush=True)
    time.sleep(0.002)


def leave(code):
    say(hello=os.getpid())
    print("leaves with", code, os.getpid(), flush=True)
    sys.exit(code)


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    with context.Pool(5) as pool:
        pool.map(work, range(20), chunksize=1)
    processes = [context.Process(target=leave, args=(code,)) for code in (0, 3, 9)]
    for process in processes:
        process.start()
        say(spawned=process.pid)
    for process in processes:
        process.join()
        say(joined=[process.pid, process.exitcode])
