"""wsadmin: options and connection in this Python, scripts in Jython, held to what Jython 2.1 knew."""
