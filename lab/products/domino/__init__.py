"""Domino 8.0.1: its image, its installer, and the server that it leaves."""
