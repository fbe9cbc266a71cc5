/*
 * The `docker` programs that run in the guest. The agent knows nothing of commands: it passes frames
 * between a client's socket and the host, and tells the host when a client is gone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent.h"

/* Arguments and environment of a command are at most this long, as the kernel's own limit is. */
#define MAX_COMMAND (2 << 20)

struct client {
  struct client *next;
  struct watch watch;
  uint32_t id;
  bool introduced, finished;
  struct framer incoming;
  struct queue outgoing;
};

static struct watch listener = {.fd = -1};
static struct client *clients;
static uint32_t last_id = 0x80000000;

static void client_free(struct client *client) {
  if (client->introduced && !client->finished) send_frame(GONE, client->id, NULL, 0, NULL, 0);
  watch_close(&client->watch);
  queue_clear(&client->incoming.bytes);
  queue_clear(&client->outgoing);
  for (struct client **at = &clients; *at != NULL; at = &(*at)->next) {
    if (*at != client) continue;
    *at = client->next;
    break;
  }
  free_later(client);
}

/* False when the client does not keep to the protocol. */
static bool frame_from_client(struct client *client, const struct frame *frame) {
  if (!client->introduced) {
    if (frame->type != COMMAND) return false;
    client->introduced = true;
  } else if (client->finished) {
    return true;
  } else if (frame->type != DATA && frame->type != END && frame->type != CREDIT &&
             frame->type != RESIZE && frame->type != SIGNAL) {
    return false;
  }
  send_frame(frame->type, client->id, frame->body, frame->length, NULL, 0);
  return true;
}

/* False when the client is gone. */
static bool client_read(struct client *client) {
  char bytes[MAX_CHUNK];
  struct frame frame;
  ssize_t length = read(client->watch.fd, bytes, sizeof bytes);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (length <= 0) return false;
  queue_push(&client->incoming.bytes, bytes, (size_t)length);
  while (framer_next(&client->incoming, &frame))
    if (!frame_from_client(client, &frame)) return false;
  return queue_length(&client->incoming.bytes) <= MAX_COMMAND;
}

static bool client_write(struct client *client) {
  if (queue_write(&client->outgoing, client->watch.fd) < 0) return false;
  if (queue_length(&client->outgoing) > 0) {
    watch_set(&client->watch, EPOLLIN | EPOLLOUT);
    return true;
  }
  watch_set(&client->watch, EPOLLIN);
  return !client->finished;
}

static void client_ready(struct watch *watch) {
  struct client *client = CONTAINER(watch, struct client, watch);
  if (!client_read(client) || !client_write(client)) client_free(client);
}

static void listener_ready(struct watch *watch) {
  int fd = accept4(watch->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0) return;
  struct client *client = allocate(sizeof *client);
  client->id = ++last_id | 0x80000000;
  client->watch.fd = fd;
  client->watch.ready = client_ready;
  client->next = clients;
  clients = client;
  watch_set(&client->watch, EPOLLIN);
}

void client_frame(const struct frame *frame) {
  struct client *client = clients;
  while (client != NULL && client->id != frame->id) client = client->next;
  if (client == NULL || client->finished) return;
  struct frame_head head = {frame->type | frame->length << 8, 0};
  queue_push(&client->outgoing, &head, sizeof head);
  queue_push(&client->outgoing, frame->body, frame->length);
  if (frame->type == EXIT) client->finished = true;
  if (!client_write(client)) client_free(client);
}

void clients_open(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = DOCKER_SOCKET};
  listener.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  listener.ready = listener_ready;
  unlink(DOCKER_SOCKET);
  if (listener.fd < 0 || bind(listener.fd, (struct sockaddr *)&address, sizeof address) < 0 ||
      listen(listener.fd, 128) < 0)
    die(DOCKER_SOCKET);
  chmod(DOCKER_SOCKET, 0666);
  watch_set(&listener, EPOLLIN);
}
