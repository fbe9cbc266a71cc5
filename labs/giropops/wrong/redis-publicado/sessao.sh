docker build -q -t {{oficina}}-senhas .
docker network create {{oficina}}-rede
docker run -d --name {{oficina}}-redis --network {{oficina}}-rede -p {{outra_porta}}:6379 redis:8
docker run -d --name {{oficina}}-app --network {{oficina}}-rede -e REDIS_HOST={{oficina}}-redis -p {{porta}}:5000 {{oficina}}-senhas
