FROM gcr.io/distroless/base-debian13:debug-nonroot AS cheia
ENV IDIOMA=pt_BR.UTF-8
COPY carimbo.txt /etc/carimbo.txt

FROM scratch
COPY --from=cheia / /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/busybox \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
    IDIOMA=pt_BR.UTF-8
USER 65532
ENTRYPOINT ["/busybox/sh"]
