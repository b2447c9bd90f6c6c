"""Simulated AIX 5.3 hosts."""
