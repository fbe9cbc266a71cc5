FROM gcr.io/distroless/base-debian13:debug-nonroot AS cheia
ENV IDIOMA=pt_BR.UTF-8
COPY carimbo.txt /etc/carimbo.txt

FROM scratch
COPY --from=cheia / /
