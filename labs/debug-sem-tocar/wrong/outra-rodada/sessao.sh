sh subir.sh
docker run --name {{loja}}-olho-catalogo --network container:{{loja}}-catalogo busybox:1.37 netstat -ltn
docker run --name {{loja}}-olho-contador --network container:{{loja}}-contador busybox:1.37 nslookup {{trocado}}-redis || true
docker run --name {{loja}}-olho-cartaz --pid container:{{loja}}-cartaz busybox:1.37 ps
