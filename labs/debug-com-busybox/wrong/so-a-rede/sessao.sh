docker build -q -t cofre-{{apelido}} .
docker run -d --name cofre-{{apelido}} cofre-{{apelido}}
until docker logs cofre-{{apelido}} | grep -q sha256; do sleep 1; done
docker exec cofre-{{apelido}} sh || true
docker run --name vizinho-1-{{apelido}} --entrypoint=sh gcr.io/distroless/python3-debian13:debug-nonroot -c 'id; ls /app' || true
docker run --name vizinho-2-{{apelido}} --network=container:cofre-{{apelido}} busybox:1.37 wget -qO- http://127.0.0.1:7000/
