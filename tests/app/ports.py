"""Ports for servers in processes of their own, which may die and come back to the same one."""

import random
import socket

PORTS = range(20_000, 32_000)
"""Below those from which clients get theirs: one that knocks while we restart must not be given ours."""


def free_port() -> int:
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")
