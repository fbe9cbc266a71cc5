#include <stdio.h>
#include <stdlib.h>

/* OpenSSL 3: só o que se usa, sem os headers. / OpenSSL 3: just what is used, without the headers. */
typedef struct ssl_ctx_st SSL_CTX;
const void *TLS_client_method(void);
SSL_CTX *SSL_CTX_new(const void *method);
int SSL_CTX_load_verify_file(SSL_CTX *context, const char *file);
const char *OpenSSL_version(int what);

int main(void) {
  SSL_CTX *context = SSL_CTX_new(TLS_client_method());
  const char *roots = getenv("SSL_CERT_FILE");
  if (!context || !roots || SSL_CTX_load_verify_file(context, roots) != 1) {
    fprintf(stderr, "sem autoridades certificadoras em %s\n", roots ? roots : "SSL_CERT_FILE");
    return 1;
  }
  const char *saudacao = getenv("SAUDACAO");
  printf("%s (%s)\n", saudacao ? saudacao : "", OpenSSL_version(0));
  return 0;
}
