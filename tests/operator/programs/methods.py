"""A context of another start method, in which the child imports this file anew."""
import multiprocessing

print("main imported", flush=True)


def square(connection):
    connection.send(connection.recv() ** 2)


if __name__ == "__main__":
    context = multiprocessing.get_context("METHOD")
    ours, theirs = context.Pipe()
    p = context.Process(target=square, args=(theirs,))
    p.start()
    ours.send(5)
    print("got", ours.recv(), flush=True)
    p.join()
