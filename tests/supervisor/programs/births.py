"""Every way a process comes about or replaces itself."""
import ctypes, os, subprocess, sys, threading
from report import say, child

say(here="posix_spawn")
os.waitpid(os.posix_spawn("/bin/true", ["true"], os.environ), 0)
say(here="posix_spawn of nothing")
try:
    os.posix_spawn("/nonexistent", ["nothing"], os.environ)
except OSError:
    pass
say(here="subprocess")
assert subprocess.run(["/bin/echo", "hi"]).returncode == 0
say(here="exec from a thread")


def from_thread():
    event = threading.Event()
    threading.Thread(target=lambda: os.execv("/bin/echo", ["echo", "from a thread"])).start()
    event.wait()


pid = child(from_thread)
say(from_thread=[pid, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])])
say(here="leader first")


def leader_first():
    gate = threading.Event()
    libc = ctypes.CDLL(None)

    def other():
        while open(f"/proc/{os.getpid()}/stat").read().rsplit(")", 1)[1].split()[0] != "Z":
            pass
        say(survivor=os.getpid())
        os._exit(13)

    threading.Thread(target=other).start()
    libc.syscall(60, 0)  # exit(2) of this thread alone


pid = child(leader_first)
say(leader_first=[pid, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])])
say(here="hundred threads")
gate = threading.Barrier(101)
threads = [threading.Thread(target=gate.wait) for _ in range(100)]
for thread in threads:
    thread.start()
gate.wait()
for thread in threads:
    thread.join()
say(threads="joined")
say(here="sibling")
libc = ctypes.CDLL(None)


def makes_sibling():
    """clone(CLONE_PARENT | SIGCHLD): the child is the caller's sibling."""
    made = libc.syscall(56, 0x8000 | 17, 0, 0, 0, 0)
    os._exit(0 if made >= 0 else 1)


pid = child(makes_sibling)
pids = {os.wait()[0], os.wait()[0]}
say(sibling=[pid, (pids - {pid}).pop()])
