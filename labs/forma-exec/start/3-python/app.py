import os

print(f"Python diz: {os.environ.get('SAUDACAO', 'ninguém me disse o que dizer')}")
