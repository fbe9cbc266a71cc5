"""Os serviços de uma loja, um por container. O primeiro argumento diz qual.

catalogo        responde com o catálogo
contador        conta a visita no Redis que REDIS_HOST nomeia e responde com o total
cartaz ARQUIVO  responde com o que está escrito em ARQUIVO

Cada um escuta em ENDERECO, na porta PORTA.
"""

import os
import signal
import socket
import sys

ENDERECO = os.environ.get("ENDERECO", "127.0.0.1")
PORTA = int(os.environ.get("PORTA", "8000"))


def catalogo():
    return "café, rapadura, farinha"


def contador():
    with socket.create_connection((os.environ["REDIS_HOST"], 6379), 10) as redis:
        redis.sendall(b"INCR visitas\r\n")
        resposta = redis.makefile("rb").readline().decode().strip()
    if not resposta.startswith(":"):
        raise RuntimeError("o Redis não contou")
    return f"visita {resposta[1:]}"


def cartaz():
    try:
        with open(sys.argv[2], encoding="utf-8") as arquivo:
            return arquivo.read().strip()
    except OSError:
        raise RuntimeError("não consegui abrir o arquivo") from None


SERVICOS = {"catalogo": catalogo, "contador": contador, "cartaz": cartaz}


def atende(conexao, servico):
    pedido = conexao.makefile("rb")
    while pedido.readline().strip():
        pass
    try:
        estado, texto = "200 OK", servico()
    except Exception as erro:
        estado, texto = "500 Internal Server Error", "estamos com um problema"
        print(f"erro: {erro}", flush=True)
    corpo = f"{texto}\n".encode()
    tipo = "Content-Type: text/plain; charset=utf-8"
    conexao.sendall(f"HTTP/1.1 {estado}\r\n{tipo}\r\nContent-Length: {len(corpo)}\r\nConnection: close\r\n\r\n".encode())
    conexao.sendall(corpo)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    servico = SERVICOS[sys.argv[1]]
    with socket.create_server((ENDERECO, PORTA)) as porta:
        print(f"{sys.argv[1]} no ar", flush=True)
        while True:
            conexao, _ = porta.accept()
            with conexao:
                conexao.settimeout(20)
                try:
                    atende(conexao, servico)
                except OSError as erro:
                    print(f"a conversa acabou antes: {erro}", flush=True)


if __name__ == "__main__":
    main()
