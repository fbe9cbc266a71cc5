/*
 * Resolvers: 127.0.0.53 of the machine itself, 127.0.0.11 of each container's network. What names
 * there are only the host knows, and it reads and writes the DNS's messages; here they are passed on.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent.h"

/* The largest message that the DNS has over UDP without extensions. */
#define LARGEST 512

struct resolver {
  struct resolver *next;
  struct watch watch;
  uint32_t namespace;
};

static struct resolver *resolvers;

static void resolver_ready(struct watch *watch) {
  struct resolver *resolver = CONTAINER(watch, struct resolver, watch);
  uint8_t query[LARGEST];
  struct sockaddr_in from;
  socklen_t size = sizeof from;
  ssize_t length = recvfrom(watch->fd, query, sizeof query, 0, (struct sockaddr *)&from, &size);
  if (length <= 0) return;
  struct asker asker = {from.sin_addr.s_addr, from.sin_port};
  send_frame(QUERY, resolver->namespace, &asker, sizeof asker, query, (size_t)length);
}

void resolver_answer(const struct frame *frame) {
  struct asker asker;
  struct resolver *resolver = resolvers;
  while (resolver != NULL && resolver->namespace != frame->id) resolver = resolver->next;
  if (resolver == NULL || frame->length < sizeof asker) return;
  memcpy(&asker, frame->body, sizeof asker);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = asker.port};
  to.sin_addr.s_addr = asker.address;
  /* Who does not take its answer asks again. */
  sendto(resolver->watch.fd, frame->body + sizeof asker, frame->length - sizeof asker, 0,
         (struct sockaddr *)&to, sizeof to);
}

struct resolver *resolver_open(uint32_t namespace, const char *text) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(53)};
  inet_aton(text, &address.sin_addr);
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return NULL;
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) {
    int error = errno;
    close(fd);
    errno = error;
    return NULL;
  }
  struct resolver *resolver = allocate(sizeof *resolver);
  resolver->namespace = namespace;
  resolver->watch.fd = fd;
  resolver->watch.ready = resolver_ready;
  resolver->next = resolvers;
  resolvers = resolver;
  watch_set(&resolver->watch, EPOLLIN);
  return resolver;
}

void resolver_close(struct resolver *resolver) {
  watch_close(&resolver->watch);
  for (struct resolver **at = &resolvers; *at != NULL; at = &(*at)->next) {
    if (*at != resolver) continue;
    *at = resolver->next;
    break;
  }
  free_later(resolver);
}
