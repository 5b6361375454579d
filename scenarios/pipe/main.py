"""Two processes play ping-pong through a pipe. How does one learn that the other has gone?"""
import time
from multiprocessing import Pipe, Process

from playground import params


def play(conn, other):
    if params.end != "inherited":
        other.close()
    try:
        while True:
            n, ball = conn.recv()
            time.sleep(params.pause)
            print(f"小明 打回 {n} 号球")
            try:
                conn.send((n, ball))
            except OSError as error:
                print(f"小明 打不回去: {error}")
    except EOFError:
        print("小明 对面没有人了: EOFError")


if __name__ == "__main__":
    there, here = Pipe(params.duplex)
    p = Process(target=play, args=(there, here), name="小明")
    p.start()
    there.close()
    for n in range(1, params.balls + params.flying):
        if n <= params.balls:
            print(f"主进程 发出 {n} 号球")
            here.send((n, bytes(params.kib << 10)))
        if params.duplex and n >= params.flying:
            n, _ = here.recv()
            print(f"主进程 接到 {n} 号球")
    if params.end != "kept":
        here.close()
    p.join()
