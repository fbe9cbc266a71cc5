sh subir.sh
docker run --rm --name {{loja}}-olho --network container:{{loja}}-catalogo busybox:1.37 netstat -ltn
