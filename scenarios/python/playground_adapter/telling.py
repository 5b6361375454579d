"""What the wrappers of calls use: the line of the call, and a guard that keeps the adapter's faults from the program."""

from . import channel, hooks, places, variables


def is_ours(error):
    """Whether an exception was raised by the adapter itself, and not by a signal handler of the program in its midst."""
    return places.is_ours(hooks.origin(error).tb_frame)


def quiet(say):
    """What only tells: a fault in it never reaches the program."""

    def quietly(*args, **kwargs):
        if channel.on():
            try:
                return say(*args, **kwargs)
            except Exception as error:
                if not is_ours(error):
                    raise
                hooks.fault(error)
        return None

    return quietly


@quiet
def reached():
    """The program itself made this call: tells its line and its variables; the place, or None if a library called."""
    frame = places.caller()
    if frame is None:
        return None
    variables.look(frame)
    at = places.of(frame)
    channel.tell("line.reached", at)
    return at


@quiet
def stands():
    """As `reached`, for a call that has an event of its own at this line."""
    frame = places.caller()
    if frame is None:
        return None
    variables.look(frame)
    return places.of(frame)


@quiet
def line():
    """The line of the program on which this thread stands, whatever library lies between."""
    return places.of(places.ancestor())


@quiet
def writes():
    """The program writes, itself or by a library: tells its variables before whoever reads sees them."""
    frame = places.ancestor()
    if frame is not None:
        variables.look(frame)


def calls(owner, *names):
    """Wraps methods that only tell their line."""
    for name in names:
        hooks.wrap(owner, name, line_teller)


def line_teller(original):
    """A method that tells the line it is called from, and then does what it does."""

    def method(*args, **kwargs):
        reached()
        return original(*args, **kwargs)

    return method
