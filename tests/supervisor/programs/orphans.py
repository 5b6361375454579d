"""Children that outlive their parents. The argument names the way."""
import ctypes, os, sys, time
from report import say, child


def pipe_wait(reader):
    os.read(reader, 1)


def orphan():
    """The grandchild learns its new parent once the old one is gone."""
    reader, writer = os.pipe()

    def middle():
        def grandchild():
            os.close(writer)
            os.read(reader, 1)
            say(orphan=[os.getpid(), os.getppid()])
            os._exit(4)
        child(grandchild)
        os._exit(2)

    pid = child(middle)
    os.close(reader)
    os.waitpid(pid, 0)
    os.close(writer)


def zombie():
    """The middle process leaves a zombie behind that it never waited for."""
    def middle():
        pid = child(lambda: os._exit(6))
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        os._exit(1)
    os.waitpid(child(middle), 0)


def subreaper():
    """The first process adopts its grandchildren and buries them."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    orphan()
    pid, status = os.wait()
    say(buried=[pid, os.waitstatus_to_exitcode(status)])


def daemon():
    """Forks twice, leaves its session, sleeps for long; nobody of the run waits for it."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.chdir("/")
            say(daemon=os.getpid())
            time.sleep(300)
        os._exit(0)
    os.wait()


globals()[sys.argv[1]]()
