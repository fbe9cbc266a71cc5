#!/usr/bin/python3
print("O script diz: caju-4f1a")
