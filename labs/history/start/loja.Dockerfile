# O catálogo é feito com um token, e o token não pode ir junto com a imagem.
# The catalogue is made with a token, and the token must not travel with the image.

FROM busybox:1.37
COPY baixar.sh produtos.txt token.txt /loja/
RUN cd /loja && sh baixar.sh
RUN rm /loja/token.txt
CMD ["cat", "/loja/catalogo.txt"]
