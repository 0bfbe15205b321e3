import asyncio
import random
import socket


def is_free(port: int) -> bool:
    """Whether this machine's loopback address can be listened on at the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free(count: int) -> list[int]:
    """Different free ports, below the range from which the system takes its own."""
    found: list[int] = []
    for port in random.SystemRandom().sample(range(20_000, 32_000), 12_000):
        if is_free(port):
            found.append(port)
        if len(found) == count:
            return found
    raise RuntimeError(f"This machine has not {count} free ports between 20000 and 32000: end some programs, then start again.")


async def answers(port: int) -> bool:
    """Whether somebody accepts connections at the loopback port."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def says_ready(port: int) -> bool:
    """Whether the service at the port answers 200 to /readyz within 2 s."""
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                status = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
    return status.split()[1:2] == [b"200"]
