docker build -q -t {{oficina}}-senhas .
docker network create {{oficina}}-rede
docker run -d --name {{oficina}}-banco --network {{oficina}}-rede redis:8
docker run -d --name {{oficina}}-app --network {{oficina}}-rede -e REDIS_HOST=redis -p {{porta}}:5000 {{oficina}}-senhas
