"""Um cofre: ao abrir, sorteia um código e o guarda onde só ele lê.
A safe: when it opens it draws a code and keeps it where only it can read."""

import hashlib
import os
import signal
import socket

PLACE = "/dev/shm/codigo"

code = os.urandom(8).hex()
with os.fdopen(os.open(PLACE, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
    file.write(code + "\n")
print(f"cofre: {PLACE}, sha256 {hashlib.sha256(code.encode()).hexdigest()}", flush=True)

signal.signal(signal.SIGTERM, lambda *_: os._exit(0))

# Só quem divide a rede do container chega aqui. / Only who shares the container's network gets here.
with socket.create_server(("127.0.0.1", 7000)) as server:
    while True:
        peer, _ = server.accept()
        with peer:
            peer.recv(4096)
            peer.sendall(b"HTTP/1.0 200 OK\r\n\r\ncofre trancado / safe locked\n")
