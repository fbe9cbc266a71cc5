#include <gnu/libc-version.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  const char *saudacao = getenv("SAUDACAO");
  printf("%s (glibc %s)\n", saudacao ? saudacao : "", gnu_get_libc_version());
  return 0;
}
