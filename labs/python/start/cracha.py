"""Escreve o crachá de um visitante em HTML, com o nome escapado."""

import os
import sys

import markupsafe

nome = os.environ.get("NOME", "visitante")
print(f"<h1>{markupsafe.escape(nome)}</h1>")
print(f"Python {sys.version_info.major}.{sys.version_info.minor}, {sys.executable}", file=sys.stderr)
