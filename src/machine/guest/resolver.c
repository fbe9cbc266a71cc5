/*
 * The guest's resolver on 127.0.0.53: there is no network, so no name exists. Saying so at once makes
 * `pip` and `apt-get` fail in a moment instead of after minutes, and lets the host say why.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent.h"

#define HEAD 12
#define LONGEST 255
/* The same name again within this many ms (A, then AAAA, then with a search domain) is not news. */
#define NEWS 1000

static struct watch socket_watch = {.fd = -1};

/* The name of the only question as text; the offset after the question, 0 when it is not one. */
static size_t question(const uint8_t *query, size_t length, char *name) {
  size_t at = HEAD, out = 0;
  if (length < HEAD || (query[2] & 0x80) || query[4] != 0 || query[5] != 1) return 0;
  while (at < length && query[at] != 0) {
    size_t label = query[at];
    if (label > 63 || at + 1 + label >= length || out + label + 1 > LONGEST) return 0;
    if (out > 0) name[out++] = '.';
    memcpy(name + out, query + at + 1, label);
    out += label;
    at += 1 + label;
  }
  name[out] = 0;
  return at + 5 <= length ? at + 5 : 0;
}

static void report(const char *name) {
  static char last[LONGEST + 1];
  static int64_t when = -NEWS;
  size_t length = strlen(name);
  /* The name of an address is asked for out of habit, by programs that do not need it. */
  if (length > 5 && strcasecmp(name + length - 5, ".arpa") == 0) return;
  if (length == 0 || (strcmp(name, last) == 0 && now_ms() - when < NEWS)) return;
  strcpy(last, name);
  when = now_ms();
  send_frame(LOOKUP, 0, name, length, NULL, 0);
}

static void resolver_ready(struct watch *watch) {
  uint8_t query[512];
  char name[LONGEST + 1];
  struct sockaddr_in from;
  socklen_t size = sizeof from;
  ssize_t length = recvfrom(watch->fd, query, sizeof query, MSG_DONTWAIT, (struct sockaddr *)&from, &size);
  size_t end = length > 0 ? question(query, (size_t)length, name) : 0;
  if (end == 0) return;
  query[2] = 0x80 | (query[2] & 0x79); /* an answer, with the opcode and the wish for recursion */
  query[3] = 0x83;                     /* recursion is available; there is no such name */
  memset(query + 6, 0, 6);             /* no records but the question */
  sendto(watch->fd, query, end, MSG_DONTWAIT, (struct sockaddr *)&from, size);
  report(name);
}

void resolver_open(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(53)};
  inet_aton("127.0.0.53", &address.sin_addr);
  socket_watch.ready = resolver_ready;
  socket_watch.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket_watch.fd < 0 || bind(socket_watch.fd, (struct sockaddr *)&address, sizeof address) < 0)
    die("127.0.0.53:53");
  watch_set(&socket_watch, EPOLLIN);
}
