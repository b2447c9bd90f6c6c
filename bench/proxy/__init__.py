"""sipnat beside Kamailio and the bare kernel: the same work on the same machine in the same run."""
