"""Um mural de recados: guarda, lê, mede e soma. Escuta na porta 8000.

PUT /recados/NOME       guarda o corpo como recado
GET /recados/NOME       lê um recado
GET /tamanho?nome=NOME  quantos bytes ele tem
GET /soma?valores=1,2   soma números
GET /saude              está de pé?
"""

import os
import signal
import socket
import sys

DADOS = os.environ.get("DADOS", "/dados")
SAUDACAO = "caju-4f1a"


def tamanho(nome):
    return os.path.getsize(arquivo(nome))


def soma(valores):
    return sum(int(valor) for valor in valores.split(","))


def arquivo(nome):
    if not nome or "/" in nome or nome.startswith("."):
        raise ValueError(f"nome de recado inválido: {nome!r}")
    return os.path.join(DADOS, nome)


def guarda(nome, corpo):
    with open(arquivo(nome), "wb") as recado:
        return f"{recado.write(corpo)} bytes guardados"


def le(nome):
    with open(arquivo(nome), "rb") as recado:
        return recado.read().decode()


def resposta(metodo, caminho, pergunta, corpo):
    if caminho.startswith("/recados/"):
        nome = caminho.removeprefix("/recados/")
        return guarda(nome, corpo) if metodo == "PUT" else le(nome)
    if caminho == "/":
        return SAUDACAO
    if caminho == "/saude":
        return "bem"
    if caminho == "/tamanho":
        return tamanho(pergunta["nome"])
    if caminho == "/soma":
        return soma(pergunta["valores"])
    raise LookupError(f"não há nada em {caminho}")


# Daqui para baixo, o HTTP de que o mural precisa e nada mais: em um processador emulado,
# importar http.server leva mais tempo que o resto todo.


def decodificado(texto):
    inicio, *resto = texto.encode().split(b"%")
    return (inicio + b"".join(bytes.fromhex(um[:2].decode()) + um[2:] for um in resto)).decode()


def atende(pedido):
    metodo, alvo, _ = pedido.readline().decode().split()
    tamanho_do_corpo = 0
    while cabecalho := pedido.readline().strip():
        nome, _, valor = cabecalho.partition(b":")
        if nome.lower() == b"content-length":
            tamanho_do_corpo = int(valor)
    caminho, _, busca = alvo.partition("?")
    pares = (par.partition("=") for par in busca.split("&"))
    pergunta = {nome: decodificado(valor) for nome, _, valor in pares}
    return resposta(metodo, decodificado(caminho), pergunta, pedido.read(tamanho_do_corpo))


def conversa(conexao):
    try:
        estado, texto = "200 OK", atende(conexao.makefile("rb"))
    except Exception as erro:
        estado, texto = "500 Internal Server Error", f"{type(erro).__name__}: {erro}"
    corpo = f"{texto}\n".encode()
    tipo = "Content-Type: text/plain; charset=utf-8"
    cabeca = f"HTTP/1.1 {estado}\r\n{tipo}\r\nContent-Length: {len(corpo)}\r\nConnection: close\r\n\r\n"
    conexao.sendall(cabeca.encode() + corpo)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with socket.create_server(("", 8000)) as porta:
        while True:
            conexao, _ = porta.accept()
            with conexao:
                conexao.settimeout(10)
                try:
                    conversa(conexao)
                except OSError as erro:
                    print(f"a conversa acabou antes: {erro}", file=sys.stderr)


if __name__ == "__main__":
    main()
