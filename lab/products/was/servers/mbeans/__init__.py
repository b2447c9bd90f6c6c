"""The managed beans of a cell's processes: their names, attributes and operations, here and in other processes."""
