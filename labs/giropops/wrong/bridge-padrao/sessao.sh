docker build -q -t {{oficina}}-senhas .
docker run -d --name {{oficina}}-redis redis:8
docker run -d --name {{oficina}}-app -e REDIS_HOST={{oficina}}-redis -p {{porta}}:5000 {{oficina}}-senhas
