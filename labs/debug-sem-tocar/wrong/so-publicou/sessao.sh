sh subir.sh
docker run --name {{loja}}-olho-catalogo --network container:{{loja}}-catalogo busybox:1.37 netstat -ltn
docker run --name {{loja}}-olho-contador --network container:{{loja}}-contador busybox:1.37 nslookup {{trocado}}-redis || true
docker run --name {{loja}}-olho-cartaz --pid container:{{loja}}-cartaz busybox:1.37 ps
# Publicar a porta não muda o endereço em que ele escuta. / Publishing the port does not change where it listens.
docker run -d --name {{loja}}-catalogo-2 --network {{loja}}-rede -p {{porta}}:{{porta}} -e PORTA={{porta}} {{loja}}-servico catalogo
