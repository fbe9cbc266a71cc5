FROM busybox:1.37 AS catalogo
COPY baixar.sh produtos.txt token.txt /loja/
RUN cd /loja && sh baixar.sh

FROM busybox:1.37
COPY --from=catalogo /loja /loja
CMD ["cat", "/loja/catalogo.txt"]
