"""Says too much, too long, and nonsense. The argument names the way."""
import array, json, os, signal, socket, sys
from report import say, child

path = os.environ["PLAYGROUND_EVENTS"]


def many():
    """Fifty processes at once."""
    def talk():
        for number in range(100):
            say(n=number)
        os._exit(0)
    for _ in range(50):
        child(talk)
    for _ in range(50):
        os.wait()


def nonsense():
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    channel.connect(path)
    messages = [b"", b"not json", b"[1,2]", b'{"type":"process.started","ppid":1,"how":"fork"}', b"\xff\xfe\x00",
                b'{"type":"variable.set","name":"x"}', b'{"type":"run.finished"}', b"[" * 16000]
    for message in messages:
        channel.send(message)
    channel.send(json.dumps({"type": "variable.set", "name": "long", "value": "x" * 20000}).encode())
    output = socket.socket(fileno=os.dup(1))
    output.sendmsg([b"with a descriptor\n"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0]))])
    say(after="nonsense")


def rights():
    """Passes five thousand descriptors, then waits to be ended."""
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    channel.connect(path)
    attached = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0] * 50))]
    for _ in range(100):
        channel.sendmsg([b'{"type":"variable.set","name":"fd","value":1}'], attached)
    say(after="rights")
    signal.pause()


def output():
    """More than a process may write, then more than the run may."""
    def talk():
        for number in range(3000):
            os.write(1, b"%030d\n" % number)
        os._exit(0)
    for _ in range(12):
        os.waitpid(child(talk), 0)
    say(after="output")


globals()[sys.argv[1]]()
