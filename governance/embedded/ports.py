"""Ports to listen on."""

import errno
import socket

_TAKEN = {errno.EADDRINUSE, errno.EACCES}


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there. Raises `OSError` when it is no address of this machine, or no port."""
    if not 0 < port < 65536:  # the resolver would quietly take the remainder
        raise OSError(errno.EINVAL, "ports go from 1 to 65535")
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that linger don't count
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno in _TAKEN:
                return False
            raise
    return True


def next_free(host: str, port: int, *, tries: int = 50) -> int | None:
    """The first free port from `port` upward, None when there is none among `tries`."""
    return next((candidate for candidate in range(port, port + tries) if is_free(host, candidate)), None)
