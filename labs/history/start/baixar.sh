# Faz o papel de uma API que pede um token antes de entregar o catálogo.
# Plays an API that wants a token before it gives away the catalogue.
set -eu
test -s token.txt || {
  echo 'baixar.sh: sem token.txt não há catálogo' >&2
  exit 1
}
sed 's/^/- /' produtos.txt > catalogo.txt
