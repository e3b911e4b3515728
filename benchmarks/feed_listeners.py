"""Run many clients of the feed in one process: `python benchmarks/feed_listeners.py HOST PORT TOKEN SOCKETS FRAMES`.

Writes `ready` when all are connected, and at the end the delays of the changes as JSON: in milliseconds from the
timestamp in the change, which is a little before its commit, to its arrival. Decodes frames by hand: with a real
WebSocket library the work of a thousand clients would be measured instead of the server's.
"""

import asyncio
import json
import statistics
import sys
import time
from datetime import datetime
from typing import cast

import uvloop

PARALLEL_HANDSHAKES = 50
HANDSHAKE = (
    "GET /ws/orders?territory=pune HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer {token}\r\n\r\n"
)


class Listener(asyncio.Protocol):
    """Read one socket until it has received all its changes."""

    delays: list[float] = []

    def __init__(self, handshake: str, frames: int):
        loop = asyncio.get_running_loop()
        self.handshake, self.left = handshake, frames
        self.connected, self.complete = loop.create_future(), loop.create_future()
        self.buffer = b""
        self.newest: int | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast(asyncio.WriteTransport, transport).write(self.handshake.encode())

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.connected.done():
            if b"\r\n\r\n" not in self.buffer:
                return
            head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
            self.connected.set_result(head.startswith(b"HTTP/1.1 101"))
        while (end := self.end_of_frame()) <= len(self.buffer):
            self.handle(self.buffer[4:end])
            self.buffer = self.buffer[end:]

    def end_of_frame(self) -> int:
        """Return where the next frame ends. Servers do not mask, and write the length in one byte or in three."""
        if len(self.buffer) < 4:
            return 4
        return 4 + int.from_bytes(self.buffer[2:4]) if self.buffer[1] == 126 else 2 + self.buffer[1]

    def handle(self, text: bytes) -> None:
        if b'"status_change"' not in text:
            return
        frame = json.loads(text)
        self.delays.append((time.time() - datetime.fromisoformat(frame["timestamp"]).timestamp()) * 1000)
        assert self.newest in {None, frame["seq"] - 1}, "a gap"
        self.newest, self.left = frame["seq"], self.left - 1
        if self.left == 0:
            self.complete.set_result(None)


async def main(host: str, port: int, token: str, sockets: int, frames: int) -> None:
    """Connect the clients, wait until each has received `frames` changes, and report the delays."""
    handshake = HANDSHAKE.format(host=host, port=port, token=token)
    slots, started = asyncio.Semaphore(PARALLEL_HANDSHAKES), time.monotonic()

    async def connect() -> Listener:
        async with slots:
            _, listener = await asyncio.get_running_loop().create_connection(
                lambda: Listener(handshake, frames), host, port
            )
            assert await listener.connected, "refused"
            return listener

    listeners = await asyncio.gather(*(connect() for _ in range(sockets)))
    report(f"ready {time.monotonic() - started:.1f}")
    await asyncio.gather(*(listener.complete for listener in listeners))
    cuts = statistics.quantiles(Listener.delays, n=100)
    delays = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(Listener.delays)}
    report(json.dumps({"received": len(Listener.delays)} | {name: round(value) for name, value in delays.items()}))


def report(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])))
