#include <stdio.h>
#include <stdlib.h>

int main(void) {
  const char *saudacao = getenv("SAUDACAO");
  puts(saudacao ? saudacao : "");
  return 0;
}
