"""cmd.exe as far as the collection and product scripts need it; everything else is refused as cmd does."""

from lab.windows.cmd.shell import LineTooLong, run_batch, run_line

__all__ = ["LineTooLong", "run_batch", "run_line"]
