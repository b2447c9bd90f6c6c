"""`python -m bench.proxy.sink TRANSPORT ADDRESS`: an upstream that answers everything until it is killed."""

from __future__ import annotations

import asyncio
import sys

from bench.proxy.endpoint import Sink
from bench.proxy.scene import PORT

LONGEST_S = 120


async def _serve(transport: str, address: str) -> None:
    sink = await Sink.opened(transport, address, PORT)
    await asyncio.sleep(LONGEST_S)
    sink.close()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], sys.argv[2]))
