"""Says something on the event channel: `say(joined=4712)` becomes the value of a variable."""
import json, os, socket

_socket = None


def say(**what):
    global _socket
    if _socket is None:
        _socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        _socket.connect(os.environ["PLAYGROUND_EVENTS"])
    for name, value in what.items():
        _socket.send(json.dumps({"type": "variable.set", "name": name, "value": value}).encode())


def child(body):
    """Forks; the child runs `body` and exits with 5 if that comes back."""
    pid = os.fork()
    if pid == 0:
        try:
            body()
        finally:
            os._exit(5)
    return pid
