docker build -q -t cofre-{{apelido}} .
docker run -d --name cofre-{{apelido}} cofre-{{apelido}}
until docker logs cofre-{{apelido}} | grep -q sha256; do sleep 1; done
docker exec cofre-{{apelido}} sh || true
docker run --name vizinho-1-{{apelido}} --entrypoint=sh cofre-{{apelido}} || true
docker run --name vizinho-2-{{apelido}} --entrypoint=/bin/sh cofre-{{apelido}} || true
