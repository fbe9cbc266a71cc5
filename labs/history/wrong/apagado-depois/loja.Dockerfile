FROM busybox:1.37
COPY baixar.sh produtos.txt token.txt /loja/
RUN cd /loja && sh baixar.sh
RUN cd /loja && rm -f token.txt baixar.sh produtos.txt
CMD ["cat", "/loja/catalogo.txt"]
