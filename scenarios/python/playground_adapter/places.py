"""Which line of the program calls.

The program is the script and whatever lies in its folder. A place is (file, line), the file by its name in that
folder, as the observer shows it.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))

#: Frames looked at before a caller is taken for nobody; recursion may be deep.
DEPTH_MAX = 60

_root = None
_names = {}


def set_main(path):
    """The program is this file; known before it runs only to a child that is no copy of its parent."""
    global _root
    if path:
        _root = os.path.dirname(os.path.abspath(path))
        _names.clear()


def name_of(filename):
    """The file's name in the program's folder, or None for a file of somebody else."""
    try:
        return _names[filename]
    except KeyError:
        pass
    if _root is None:
        set_main(getattr(sys.modules.get("__main__"), "__file__", None))
        if _root is None:
            return None
    inside = filename[:1] == "/" and os.path.dirname(filename) == _root
    name = _names[filename] = os.path.basename(filename) if inside else None
    return name


def is_glue(filename):
    """Whether frames of this file only pass a call on: the adapter's, and `multiprocessing.Queue` and the like."""
    return filename.startswith(HERE) or filename.endswith("multiprocessing/context.py")


def caller():
    """The frame of the program that made this call itself, or None if a library did."""
    frame = sys._getframe(1)
    while frame is not None and is_glue(frame.f_code.co_filename):
        frame = frame.f_back
    return frame if frame is not None and name_of(frame.f_code.co_filename) else None


def ancestor():
    """The innermost frame of the program, whatever library lies between."""
    frame = sys._getframe(1)
    for _ in range(DEPTH_MAX):
        if frame is None:
            return None
        if name_of(frame.f_code.co_filename):
            return frame
        frame = frame.f_back
    return None


def of(frame):
    """The place where a frame stands."""
    return None if frame is None else (name_of(frame.f_code.co_filename), frame.f_lineno)


def is_ours(frame):
    """Whether a frame is the adapter's."""
    return frame.f_code.co_filename.startswith(HERE)
