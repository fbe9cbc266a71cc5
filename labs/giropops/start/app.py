"""Giropops Senhas: sorteia senhas e guarda as últimas em um Redis.

GET  /                 a página
POST /api/gerar-senha  {"tamanho": 16, "incluir_numeros": true, "incluir_caracteres_especiais": false}
                       responde {"senha": "…"}
GET  /api/senhas       as últimas dez, a mais nova primeiro
"""

import os
import secrets
import string

import redis
from flask import Flask, render_template, request

ULTIMAS = 10
MENOR, MAIOR = 4, 128

app = Flask(__name__)
banco = redis.Redis(
    host=os.environ.get("REDIS_HOST", "localhost"),
    decode_responses=True,
    socket_connect_timeout=5,
    socket_timeout=5,
)


def sorteia(tamanho, numeros, especiais):
    letras = string.ascii_letters
    letras += string.digits if numeros else ""
    letras += "!@#$%&*-_=+?" if especiais else ""
    # O módulo random serve para simulações: quem vê algumas senhas adivinha as próximas.
    return "".join(secrets.choice(letras) for _ in range(tamanho))


@app.get("/")
def pagina():
    return render_template("index.html")


@app.post("/api/gerar-senha")
def gerar_senha():
    pedido = request.get_json(silent=True) or {}
    tamanho = pedido.get("tamanho", 16)
    if not isinstance(tamanho, int) or not MENOR <= tamanho <= MAIOR:
        return {"erro": f"o tamanho vai de {MENOR} a {MAIOR}"}, 400
    senha = sorteia(
        tamanho,
        numeros=bool(pedido.get("incluir_numeros", True)),
        especiais=bool(pedido.get("incluir_caracteres_especiais", False)),
    )
    banco.lpush("senhas", senha)
    banco.ltrim("senhas", 0, ULTIMAS - 1)
    return {"senha": senha}


@app.get("/api/senhas")
def senhas():
    return banco.lrange("senhas", 0, ULTIMAS - 1)


@app.errorhandler(redis.RedisError)
def sem_redis(erro):
    print(f"Redis: {erro}", flush=True)
    return {"erro": "o Redis não respondeu"}, 500


if __name__ == "__main__":
    app.run()
