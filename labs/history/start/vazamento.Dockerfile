# Não mude este arquivo. Construa a imagem e responda em respostas.txt.
# Leave this file as it is. Build the image and answer in respostas.txt.
#
#   docker build -f vazamento.Dockerfile -t vazamento .
#   docker save vazamento | tar t

FROM busybox:1.37
LABEL autor="um colega com pressa"
COPY site/index.html /srv/index.html
ENV MODO=producao
COPY credencial.txt /srv/credencial.txt
EXPOSE 8080
COPY site/estilo.css /srv/estilo.css
RUN rm /srv/credencial.txt
CMD ["httpd", "-f", "-p", "8080", "-h", "/srv"]
