sh subir.sh
# Um container novo, ao lado: não vê nada do outro. / A new container, beside it: sees nothing of the other.
docker run --name {{loja}}-olho busybox:1.37 sh -c 'ps; netstat -ltn; ls /app || true'
