"""The notebook that runs this, if one does: its shell, its front end, what was run in it. Called by `checks`, `submit`."""

import linecache
import os
import sys

from helpers import match


def shell():
    """The running IPython shell, or None."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def in_colab():
    """Whether this runs in Colab."""
    return "google.colab" in sys.modules


def file_names():
    """Names under which front ends know the notebook: VS Code's, then Jupyter's; neither is there in a grader."""
    running = shell()
    if running is None:
        return []
    return [name for name in (running.user_ns.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME")) if name]


def with_a_person():
    """Whether somebody sits before this notebook; False where a program executes it, as graders do."""
    return in_colab() and shell() is not None or bool(file_names())


def last_run(question):
    """Source of the cell of a question (by its marker comment) that was run last; None if none was.

    Parameters
    ----------
    question : str

    Returns
    -------
    str or None
    """
    running = shell()
    ran = running.user_ns.get("In", []) if running is not None else []
    return next((source for source in reversed(ran) if question in match.markers(source)), None)


def error_of(question):
    """The error with which the cell of a question stopped when it was run last; None if it did not, or another cell did
    since.

    Parameters
    ----------
    question : str

    Returns
    -------
    BaseException or None
    """
    source, error = last_run(question), getattr(sys, "last_value", None)
    if source is None or error is None:
        return None
    if isinstance(error, SyntaxError):
        return error if error.text and error.text.strip() and error.text.strip() in source else None
    entry = error.__traceback__
    while entry is not None:
        if "".join(linecache.getlines(entry.tb_frame.f_code.co_filename)).strip() == source.strip():
            return error
        entry = entry.tb_next
    return None
