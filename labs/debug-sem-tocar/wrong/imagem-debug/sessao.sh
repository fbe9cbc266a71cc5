sh subir.sh
# Com um shell dentro é outra imagem: a de hoje à noite não tem. / With a shell inside it is another image: tonight's has none.
sed 's/:nonroot/:debug-nonroot/' Dockerfile > Dockerfile.debug
docker build -q -t {{loja}}-servico:debug -f Dockerfile.debug .
docker rm -f {{loja}}-catalogo
docker run -d --name {{loja}}-catalogo --network {{loja}}-rede -e PORTA={{porta}} {{loja}}-servico:debug catalogo
docker exec {{loja}}-catalogo /busybox/sh -c 'netstat -ltn'
