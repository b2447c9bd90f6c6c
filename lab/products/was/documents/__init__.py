"""The configuration documents of a new profile, and the servers that are added to a cell later."""
