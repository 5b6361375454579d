"""No library: fork, pipe, wait, kill."""
import os
import signal

if __name__ == "__main__":
    if os.fork() == 0:
        os._exit(7)
    print("exit", os.waitstatus_to_exitcode(os.wait()[1]), flush=True)
    read, write = os.pipe()
    if os.fork() == 0:
        os.write(write, b"hello")
        os._exit(0)
    os.close(write)
    print("pipe:", os.read(read, 9).decode(), flush=True)
    os.wait()
    child = os.fork()
    if child == 0:
        signal.pause()
    os.kill(child, signal.SIGKILL)
    print("signal", -os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
