# Não é um arquivo da resposta: é o que se digita. Os seus nomes podem ser outros, como redis e senhas.
# Not a file of the answer: it is what one types. Your names may be others, like redis and senhas.
docker build -q -t {{oficina}}-senhas .
docker network create {{oficina}}-rede
docker run -d --name {{oficina}}-redis --network {{oficina}}-rede redis:8
docker run -d --name {{oficina}}-app --network {{oficina}}-rede -e REDIS_HOST={{oficina}}-redis -p {{porta}}:5000 {{oficina}}-senhas

# O Redis vai embora, alguém fica com o endereço dele, e ele volta com outro. A aplicação não é tocada.
# Redis goes away, somebody takes its address, and it comes back with another. The application is not touched.
docker rm -f -v {{oficina}}-redis
docker run -d --name {{oficina}}-vizinho --network {{oficina}}-rede busybox:1.37 sleep 3600
docker run -d --name {{oficina}}-redis --network {{oficina}}-rede redis:8
