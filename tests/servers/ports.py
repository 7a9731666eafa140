"""Ports for servers that are told theirs before they start."""

import socket


def free_port() -> int:
    """Gives a port that is free on the first loopback address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
