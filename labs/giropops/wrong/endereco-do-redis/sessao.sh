docker build -q -t {{oficina}}-senhas .
docker network create {{oficina}}-rede
docker run -d --name {{oficina}}-redis --network {{oficina}}-rede redis:8
endereco=$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{ end }}' {{oficina}}-redis)
docker run -d --name {{oficina}}-app --network {{oficina}}-rede -e REDIS_HOST=$endereco -p {{porta}}:5000 {{oficina}}-senhas
