# Faça de `cheia` uma imagem com uma camada só: os mesmos arquivos, e a mesma configuração
# (USER, ENV e ENTRYPOINT).
# Make an image with a single layer out of `cheia`: the same files, and the same configuration
# (USER, ENV and ENTRYPOINT).
#
#   docker build -f achatada.Dockerfile -t achatada .
#   docker image inspect -f '{{len .RootFS.Layers}} {{json .Config}}' achatada

FROM gcr.io/distroless/base-debian13:debug-nonroot AS cheia
ENV IDIOMA=pt_BR.UTF-8
COPY carimbo.txt /etc/carimbo.txt
