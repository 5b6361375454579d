"""Forks without end, or makes as many children as the argument says and ends them."""
import os, sys, time

if len(sys.argv) == 1:
    while True:
        try:
            os.fork()
        except OSError:
            pass
reader, writer = os.pipe()
pids = []
for _ in range(int(sys.argv[1])):
    pid = os.fork()
    if pid == 0:
        os.close(writer)
        os.read(reader, 1)
        os._exit(0)
    pids.append(pid)
os.close(writer)
for pid in pids:
    os.waitpid(pid, 0)
