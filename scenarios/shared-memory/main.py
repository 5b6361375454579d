"""One process writes on a board and another reads it: is it the same board?"""
import time
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

from playground import params

board = ""


def write(name):
    global board
    time.sleep(params.pause)
    if params.memory == "shared":
        words, shm = params.words.encode(), SharedMemory(name)
        shm.buf[:len(words)] = words
    else:
        board = params.words
    print(f"小明 写下「{params.words}」")


def read(name):
    time.sleep(params.pause)
    shm = SharedMemory(name) if params.memory == "shared" else None
    words = bytes(shm.buf).rstrip(b"\0").decode() if shm else board
    print(f"小红 读到「{words}」")


if __name__ == "__main__":
    shm = SharedMemory(create=True, size=128)
    writer = Process(target=write, args=(shm.name,), name="小明")
    writer.start()
    writer.join()
    if params.unlink == "early":
        shm.unlink()
    reader = Process(target=read, args=(shm.name,), name="小红")
    reader.start()
    reader.join()
    if params.unlink == "at_the_end":
        shm.unlink()
