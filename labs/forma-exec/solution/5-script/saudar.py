#!/usr/bin/python3
import os

print(f"O script diz: {os.environ.get('SAUDACAO', 'ninguém me disse o que dizer')}")
