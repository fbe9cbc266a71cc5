sh subir.sh
# O cartaz volta, até a próxima vez que o container for criado. / The poster is back, until the container is made anew.
docker cp cartaz.txt {{loja}}-cartaz:/cartazes/{{promocao}}.txt
