# Põe a loja no ar, como ela estava na noite do plantão: `sh subir.sh`.
# Brings the shop up, as it was on the night you are on call: `sh subir.sh`.
set -e
docker build -q -t {{loja}}-servico .
docker network create {{loja}}-rede
docker run -d --name {{loja}}-redis --network {{loja}}-rede redis:8
docker run -d --name {{loja}}-catalogo --network {{loja}}-rede -e PORTA={{porta}} {{loja}}-servico catalogo
docker run -d --name {{loja}}-contador --network {{loja}}-rede -e ENDERECO=0.0.0.0 -e REDIS_HOST={{trocado}}-redis {{loja}}-servico contador
docker run -d --name {{loja}}-cartaz --network {{loja}}-rede -e ENDERECO=0.0.0.0 {{loja}}-servico cartaz /cartazes/{{promocao}}.txt
