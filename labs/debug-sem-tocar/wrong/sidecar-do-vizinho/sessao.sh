sh subir.sh
docker run --name {{loja}}-olho-catalogo --network container:{{loja}}-catalogo busybox:1.37 netstat -ltn
# Na rede do Redis, e não na do contador. / In Redis's network, and not in the counter's.
docker run --name {{loja}}-olho-redis --network container:{{loja}}-redis busybox:1.37 netstat -ltn
