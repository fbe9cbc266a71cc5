# Uma resposta em comandos, passo a passo. / One answer as commands, step by step.
docker build -q -t cofre-{{apelido}} .
docker run -d --name cofre-{{apelido}} cofre-{{apelido}}
until docker logs cofre-{{apelido}} | grep -q sha256; do sleep 1; done

# Não há shell. / There is no shell.
docker exec cofre-{{apelido}} sh || true

# Com shell, mas é outra imagem. / With a shell, but another image.
docker run --name vizinho-1-{{apelido}} --entrypoint=sh gcr.io/distroless/python3-debian13:debug-nonroot -c 'id; ls /app' || true

# Um vizinho: vê os processos e chega à porta que só existe lá dentro. / A neighbour: it sees the processes and reaches the port that is only in there.
docker run --name vizinho-2-{{apelido}} --pid=container:cofre-{{apelido}} --network=container:cofre-{{apelido}} busybox:1.37 \
  sh -c 'ps; netstat -ltn; wget -qO- http://127.0.0.1:7000/'

# Root não basta. / Root is not enough.
docker run --name vizinho-3-{{apelido}} --pid=container:cofre-{{apelido}} busybox:1.37 cat /proc/1/root/dev/shm/codigo || true

# Igual ao cofre em uid e gid; ou com a capability que falta. / The same as the safe in uid and gid; or with the capability that is missing.
docker run --name vizinho-4-{{apelido}} --pid=container:cofre-{{apelido}} --user 65532:65532 busybox:1.37 \
  cat /proc/1/root/dev/shm/codigo
docker run --name vizinho-5-{{apelido}} --pid=container:cofre-{{apelido}} --cap-add SYS_PTRACE busybox:1.37 \
  cat /proc/1/root/dev/shm/codigo

# Um busybox estático, tirado de uma imagem de debug. / A static busybox, out of a debug image.
mkdir -p bb
docker create --name caixa-{{apelido}} gcr.io/distroless/static-debian13:debug
docker cp caixa-{{apelido}}:/busybox/busybox bb/busybox
docker rm caixa-{{apelido}}

# Copiado: o container muda. / Copied: the container changes.
docker cp bb/busybox cofre-{{apelido}}:/tmp/busybox
docker exec cofre-{{apelido}} /tmp/busybox id

# Montado: a mesma imagem, intacta. / Mounted: the same image, untouched.
docker run --name vizinho-6-{{apelido}} -v "$PWD/bb:/bb:ro" --entrypoint /bb/busybox cofre-{{apelido}} ls -l /app
