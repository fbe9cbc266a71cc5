"""Um mural de recados: guarda, lê, mede e soma. Escuta na porta 8000.

PUT /recados/NOME       guarda o corpo como recado
GET /recados/NOME       lê um recado
GET /tamanho?nome=NOME  quantos bytes ele tem
GET /soma?valores=1,2   soma números
GET /saude              está de pé?
"""

import os
import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

DADOS = Path(os.environ.get("DADOS", "/dados"))
SAUDACAO = os.environ.get("SAUDACAO", "olá")


def tamanho(nome):
    comando = f"wc -c < {DADOS}/{nome}"
    return subprocess.run(comando, shell=True, capture_output=True, text=True).stdout.strip()


def soma(valores):
    return str(sum(eval(f"[{valores}]")))


def recado(nome):
    if not nome or "/" in nome or nome.startswith("."):
        raise ValueError(f"nome de recado inválido: {nome!r}")
    return DADOS / nome


class Mural(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlsplit(self.path)
        pergunta = {nome: valores[0] for nome, valores in parse_qs(url.query).items()}
        self.responde(lambda: self.le(unquote(url.path), pergunta))

    def do_PUT(self):
        nome = unquote(urlsplit(self.path).path).removeprefix("/recados/")
        corpo = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.responde(lambda: f"{recado(nome).write_bytes(corpo)} bytes guardados")

    def le(self, caminho, pergunta):
        if caminho == "/":
            return SAUDACAO
        if caminho == "/saude":
            return "bem"
        if caminho == "/tamanho":
            return tamanho(pergunta["nome"])
        if caminho == "/soma":
            return soma(pergunta["valores"])
        if caminho.startswith("/recados/"):
            return recado(caminho.removeprefix("/recados/")).read_text()
        raise LookupError(f"não há nada em {caminho}")

    def responde(self, faz):
        try:
            codigo, texto = 200, faz()
        except Exception as erro:
            codigo, texto = 500, f"{type(erro).__name__}: {erro}"
        corpo = f"{texto}\n".encode()
        self.send_response(codigo)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(corpo)))
        self.end_headers()
        self.wfile.write(corpo)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    HTTPServer(("", 8000), Mural).serve_forever()
