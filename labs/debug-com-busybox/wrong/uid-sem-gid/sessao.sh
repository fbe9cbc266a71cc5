docker build -q -t cofre-{{apelido}} .
docker run -d --name cofre-{{apelido}} cofre-{{apelido}}
until docker logs cofre-{{apelido}} | grep -q sha256; do sleep 1; done
docker exec cofre-{{apelido}} sh || true
docker run --name vizinho-1-{{apelido}} --entrypoint=sh gcr.io/distroless/python3-debian13:debug-nonroot -c 'id; ls /app' || true
docker run --name vizinho-2-{{apelido}} --pid=container:cofre-{{apelido}} --network=container:cofre-{{apelido}} busybox:1.37 \
  sh -c 'ps; netstat -ltn; wget -qO- http://127.0.0.1:7000/'
docker run --name vizinho-3-{{apelido}} --pid=container:cofre-{{apelido}} busybox:1.37 cat /proc/1/root/dev/shm/codigo || true
docker run --name vizinho-4-{{apelido}} --pid=container:cofre-{{apelido}} --user 65532 busybox:1.37 cat /proc/1/root/dev/shm/codigo || true
