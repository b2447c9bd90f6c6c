"""Sessions of instant messages from the partner through everything that lies between two communities."""
