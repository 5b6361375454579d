"""CPython's own `multiprocessing` tells what it does.

The kernel shows whoever watches a run its processes, their output and their ends. It cannot see names, lines, items
in queues, tasks or locks; the Rust library says those itself, and this adapter says them for Python, in the same
events. It hooks the public API when a program imports it, and changes nothing that the program can see: not what a
call returns or raises, nor when, nor what its objects look like.

    channel     the socket to the observer, and the words on it
    places      which line of the program calls
    values      small values as JSON
    variables   the program's globals
    setters     which line gave one its value
    hooks       how a call is wrapped, and how a module is changed when it is imported
    telling     what a wrapper says of its call, and why it can do no harm
    calls       time.sleep, os.fork, os.kill and others that every program has
    outputs     what the program writes is preceded by what it shows
    forks       os.fork and os.waitpid
    traces      keeps the adapter out of tracebacks
    travel      what an object is called goes along to a child that is no copy of its parent
    processes   Process, the fork server, the resource tracker
    queues, pools, locks, pipes, shared    what their names say

Differences that a watcher should know. CPython's `Queue.put` hands the item to a thread that writes it to a pipe:
`queue.put` is told when the item has its place in the queue, which is before it lies in the pipe. Standard output is
line buffered, as it is on a terminal: the playground gives programs a socket, on which Python would keep back lines
that the reader of a program expects to see.
"""

import os
import sys

from . import channel

#: Set in the first interpreter of a run, and inherited by those that it starts.
FIRST = "PLAYGROUND_FIRST_PYTHON"


def start():
    """Begins to tell: once an interpreter, before the program's first line."""
    if not channel.connect(os.environ["PLAYGROUND_EVENTS"]):
        return
    if not os.environ.get(FIRST):
        os.environ[FIRST] = str(os.getpid())
        channel.be_first()
        channel.tell("process.named", None, name="MainProcess", role="main")
    buffer_lines()
    from . import calls, hooks, outputs

    hooks.install()
    calls.install()
    outputs.install()
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = excepthook


def buffer_lines():
    """Lets each line out when it is complete, as on a terminal."""
    if sys.stdout is not None:
        sys.stdout.reconfigure(line_buffering=True)


def excepthook(kind, error, trace):
    """How the interpreter prints the error that ends a program."""
    from . import traces

    traces.excepthook(kind, error, trace)
