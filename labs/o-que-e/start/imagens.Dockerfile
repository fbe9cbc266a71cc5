# Cinco imagens. Construa cada uma pelo nome, por exemplo:
# Five images. Build each one by its name, for example:
#
#   docker build -f imagens.Dockerfile --target {{um}} -t {{um}} .

FROM debian:trixie-slim AS {{um}}

FROM busybox:1.37 AS {{dois}}

FROM gcr.io/distroless/base-debian13 AS {{tres}}

FROM gcr.io/distroless/base-debian13 AS pecas
COPY --from={{dois}} /bin/busybox /usr/bin/servidor

FROM scratch AS {{quatro}}
LABEL org.opencontainers.image.title="distroless"
COPY --from=pecas / /
USER 65532

FROM scratch AS {{cinco}}
COPY nota.txt /nota.txt
