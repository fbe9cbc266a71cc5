# Não é um arquivo da resposta: é o que se digita. / Not a file of the answer: it is what one types.
sh subir.sh

# catalogo: quem escuta, e para quem? / who listens, and for whom?
docker run --name {{loja}}-olho-catalogo --network container:{{loja}}-catalogo busybox:1.37 netstat -ltn

# contador: que nome ele procura, e quem o conhece na rede dele? / which name does it look up, and who knows it there?
docker inspect -f '{{json .Config.Env}}' {{loja}}-contador
docker run --name {{loja}}-olho-contador --network container:{{loja}}-contador busybox:1.37 nslookup {{trocado}}-redis || true

# cartaz: com que argumentos ele foi chamado, e o que há lá? / what was it called with, and what is there?
docker run --name {{loja}}-olho-cartaz --pid container:{{loja}}-cartaz busybox:1.37 ps
docker cp {{loja}}-cartaz:/cartazes - | tar t

# O conserto: a mesma imagem, outra configuração. / The cure: the same image, other settings.
docker run -d --name {{loja}}-catalogo-2 --network {{loja}}-rede -e ENDERECO=0.0.0.0 -e PORTA={{porta}} {{loja}}-servico catalogo
docker run -d --name {{loja}}-contador-2 --network {{loja}}-rede -e ENDERECO=0.0.0.0 -e REDIS_HOST={{loja}}-redis {{loja}}-servico contador
docker run -d --name {{loja}}-cartaz-2 --network {{loja}}-rede -e ENDERECO=0.0.0.0 -v "$PWD/cartaz.txt:/cartazes/{{promocao}}.txt:ro" {{loja}}-servico cartaz /cartazes/{{promocao}}.txt
