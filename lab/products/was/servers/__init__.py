"""The processes of a cell: starting, stopping, federating, and what they offer to administrators."""
