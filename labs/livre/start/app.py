"""Uma página que mostra o que o processo vê de dentro do container."""

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Pagina(BaseHTTPRequestHandler):
    def do_GET(self):
        linhas = [
            f"Python {sys.version.split()[0]}",
            f"usuário {os.getuid()}, processo {os.getpid()}",
            f"na raiz: {' '.join(sorted(os.listdir('/')))}",
            f"há /bin/sh? {'sim' if os.path.exists('/bin/sh') else 'não'}",
        ]
        corpo = "\n".join(linhas).encode() + b"\n"
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(corpo)))
        self.end_headers()
        self.wfile.write(corpo)


print("ouvindo na porta 8080", flush=True)
ThreadingHTTPServer(("", 8080), Pagina).serve_forever()
