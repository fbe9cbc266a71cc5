/* Só nomes: quem responde por eles é a glibc da imagem em que o programa roda.
   Names alone: the glibc of the image that the program runs in answers to them. */
void __libc_start_main(void) {}
void abort(void) {}
void getenv(void) {}
void puts(void) {}
