/* What connections for the host and connections that are passed on share. */
#ifndef TCP_H
#define TCP_H

#include "protocol.h"

/* A socket on its way to be connected: writable when it is, or failed. -1 with errno. */
int tcp_connect(const struct place *to);
/* What became of it: 0 or an errno. */
int tcp_error(int fd);
/* A socket that listens. -1 with errno. */
int tcp_listen(const struct place *at);
/* Sends every piece at once: what passes here was put together elsewhere. */
void tcp_prompt(int fd);
/* Closing it will be a reset. */
void tcp_reset(int fd);

#endif
