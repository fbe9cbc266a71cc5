"""Responde com a saudação de quem iniciou o container."""

import os


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [f"{os.environ.get('SAUDACAO', 'oi')}\n".encode()]
