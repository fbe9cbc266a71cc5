docker build -q -t cofre-{{apelido}} .
docker run -d --name cofre-{{apelido}} cofre-{{apelido}}
until docker logs cofre-{{apelido}} | grep -q sha256; do sleep 1; done
docker exec cofre-{{apelido}} sh || true
docker run --name vizinho-1-{{apelido}} --entrypoint=sh gcr.io/distroless/python3-debian13:debug-nonroot -c 'id; ls /app' || true
docker run --name vizinho-2-{{apelido}} --pid=container:cofre-{{apelido}} --network=container:cofre-{{apelido}} busybox:1.37 \
  sh -c 'ps; netstat -ltn; wget -qO- http://127.0.0.1:7000/'
docker run --name vizinho-3-{{apelido}} --pid=container:cofre-{{apelido}} busybox:1.37 cat /proc/1/root/dev/shm/codigo || true
docker run --name vizinho-4-{{apelido}} --pid=container:cofre-{{apelido}} --user 65532:65532 busybox:1.37 \
  cat /proc/1/root/dev/shm/codigo
docker run --name vizinho-5-{{apelido}} --pid=container:cofre-{{apelido}} --cap-add SYS_PTRACE busybox:1.37 \
  cat /proc/1/root/dev/shm/codigo
mkdir -p bb
docker create --name caixa-{{apelido}} gcr.io/distroless/static-debian13:debug
docker cp caixa-{{apelido}}:/busybox/busybox bb/busybox
docker rm caixa-{{apelido}}
docker cp bb/busybox cofre-{{apelido}}:/tmp/busybox
docker exec cofre-{{apelido}} /tmp/busybox id
docker run --name vizinho-6-{{apelido}} -v "$PWD/bb:/bb:ro" --entrypoint /bb/busybox gcr.io/distroless/python3-debian13:nonroot ls /
