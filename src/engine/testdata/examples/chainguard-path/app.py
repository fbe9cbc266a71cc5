from flask import Flask
from markupsafe import _speedups

app = Flask(__name__)


@app.get("/")
def hello():
    return f"hello from {_speedups.__name__}\n"
