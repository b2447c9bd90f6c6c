"""SIP of a server: the SIP proxy and the SIP container, from what the repository says when the server starts."""
