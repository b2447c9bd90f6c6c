"""What goes wrong in the lab for a reason its user can cure."""

from __future__ import annotations


class LabError(Exception):
    """A message for the user that names the cause and the cure; the command line prints it without a traceback."""
