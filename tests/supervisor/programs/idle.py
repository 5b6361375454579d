"""Sleeps with two children; the argument `deaf` makes all of them ignore SIGTERM."""
import os, signal, sys, time
from report import say

if sys.argv[1:] == ["deaf"]:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
for _ in range(2):
    if os.fork() == 0:
        break
say(ready=os.getpid())
while True:
    time.sleep(10)
