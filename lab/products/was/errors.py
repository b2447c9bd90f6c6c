"""What goes wrong inside WAS."""

from __future__ import annotations


class ScriptingError(Exception):
    """What wsadmin's objects raise as `com.ibm.ws.scripting.ScriptingException`; the text is the product's own."""


class NotReachable(Exception):
    """No process listens where a connection was wanted, or it is no process of WAS."""


class NotAuthorized(Exception):
    """User or password is wrong or missing."""
