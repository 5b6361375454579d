"""Leaves names behind that no process has open: memory that was closed, a semaphore, and one that is half made."""
import os
from _multiprocessing import SemLock
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory

resource_tracker.register = lambda *_: None  # It would remove them.
me = os.getpid()
memory = SharedMemory(create=True, size=1000)
memory.close()
SemLock(1, 1, 1, f"/mp-{me}", False)
half_made = os.open(f"/dev/shm/sem.{me}", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
os.link(f"/dev/shm/sem.{me}", f"/dev/shm/linked-{me}")
os.close(half_made)
print("held", memory.name, f"sem.mp-{me}", f"sem.{me}", f"linked-{me}", flush=True)
