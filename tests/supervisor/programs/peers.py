"""Those who learn of a death otherwise than by a wait that reaps: each says so at once."""
import os, select, signal, threading, time
from report import say, child


def until_free(pid, name):
    """A peer that asks until nobody has the number; a status that was read frees it."""
    while True:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return say(**{name: [pid, 0]})


def watched(pid, name):
    return child(lambda: (until_free(pid, name), os._exit(0)))


def short():
    time.sleep(0.004)
    os._exit(0)


def ordinary():  # the parent waits, a peer asks
    pid = child(short)
    peer = watched(pid, "free")
    os.waitpid(pid, 0)
    os.waitpid(peer, 0)


def ignored():  # the kernel reaps
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    pid = child(short)
    peer = watched(pid, "auto")
    until_free(peer, "auto")
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def orphaned():  # the supervisor reaps
    receiver, sender = os.pipe()

    def middle():
        os.write(sender, str(child(short)).encode())
        os._exit(0)
    os.waitpid(child(middle), 0)
    pid = int(os.read(receiver, 20))
    until_free(pid, "orphan")
    os.close(receiver), os.close(sender)


def adopted():  # an orphan sees that its parent is another
    receiver, sender = os.pipe()

    def orphan(parent):
        while os.getppid() == parent:
            pass
        say(adopted=[os.getpid(), 0])
        os._exit(0)

    def middle():
        child(lambda parent=os.getpid(): orphan(parent))
        time.sleep(0.004)
        os._exit(0)
    pid = child(middle)
    os.close(sender)
    os.waitpid(pid, 0)
    os.read(receiver, 1)  # the end of the pipe: the orphan is gone
    os.close(receiver)


def readable():  # a pidfd tells of a zombie
    pid = child(short)
    fd = os.pidfd_open(pid)
    select.select([fd], [], [])
    say(readable=[pid, 0])
    os.close(fd)
    os.waitpid(pid, 0)


def rivals():  # two threads wait for one child
    pid = child(short)

    def wait():
        try:
            os.waitpid(pid, 0)
        except ChildProcessError:
            pass
        say(rival=[pid, 0])
    threads = [threading.Thread(target=wait) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


for _ in range(20):
    for way in ordinary, ignored, orphaned, adopted, readable, rivals:
        way()
