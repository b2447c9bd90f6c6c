"""The configuration of a cell: its types, its documents as trees, and a workspace of changes to them."""
