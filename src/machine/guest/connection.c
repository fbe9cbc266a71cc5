/* TCP connections that the host makes from the machine's own network. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent.h"
#include "tcp.h"

/* The numbers of its two streams. */
enum { SENT = 0, RECEIVED = 1 };

struct connection {
  struct connection *next;
  uint32_t id;
  struct watch watch;
  bool connected;
  struct queue sending;
  uint32_t owed;        /* sent, not yet told the host */
  bool last_was_queued; /* the host has no more */
  bool shut;            /* and the other side was told so */
  uint32_t credit;
  bool ended; /* the other side has no more */
};

static struct connection *connections;

static void connection_free(struct connection *connection) {
  watch_close(&connection->watch);
  queue_clear(&connection->sending);
  for (struct connection **at = &connections; *at != NULL; at = &(*at)->next) {
    if (*at != connection) continue;
    *at = connection->next;
    break;
  }
  free_later(connection);
}

static void connection_over(struct connection *connection, int error) {
  uint32_t id = connection->id;
  connection_free(connection);
  send_number(EXIT, id, (uint32_t)error);
}

static void failed(uint32_t id, int error) {
  char text[64];
  int length = snprintf(text, sizeof text, "connect: %s", error_name(error));
  send_frame(FAILED, id, text, (size_t)length, NULL, 0);
}

/* 0, or why it is over. */
static int receive(struct connection *connection) {
  char bytes[MAX_CHUNK];
  size_t most = connection->credit < sizeof bytes ? connection->credit : sizeof bytes;
  if (connection->ended || most == 0) return 0;
  ssize_t length = read(connection->watch.fd, bytes, most);
  if (length < 0) return errno == EAGAIN || errno == EINTR ? 0 : errno;
  if (length == 0) {
    connection->ended = true;
    send_stream(END, connection->id, RECEIVED, NULL, 0);
    return 0;
  }
  connection->credit -= (uint32_t)length;
  send_stream(DATA, connection->id, RECEIVED, bytes, (size_t)length);
  return 0;
}

static int transmit(struct connection *connection) {
  if (connection->shut) return 0;
  ssize_t written = queue_write(&connection->sending, connection->watch.fd);
  if (written < 0) return errno;
  connection->owed += (uint32_t)written;
  if (connection->owed >= CREDIT_STEP) {
    send_credit(connection->id, SENT, connection->owed);
    connection->owed = 0;
  }
  if (connection->last_was_queued && queue_length(&connection->sending) == 0) {
    shutdown(connection->watch.fd, SHUT_WR);
    connection->shut = true;
  }
  return 0;
}

/* Looks for what can be done next, or ends it. */
static void settle(struct connection *connection, int error) {
  if (error != 0 || (connection->shut && connection->ended)) return connection_over(connection, error);
  bool reads = !connection->ended && connection->credit > 0;
  bool writes = queue_length(&connection->sending) > 0;
  watch_set(&connection->watch, (reads ? EPOLLIN : 0) | (writes ? EPOLLOUT : 0));
}

static void connection_ready(struct watch *watch) {
  struct connection *connection = CONTAINER(watch, struct connection, watch);
  if (!connection->connected) {
    int error = tcp_error(watch->fd);
    if (error != 0) {
      uint32_t id = connection->id;
      connection_free(connection);
      return failed(id, error);
    }
    connection->connected = true;
    send_number(STARTED, connection->id, 0);
    return settle(connection, transmit(connection));
  }
  int error = transmit(connection);
  if (error == 0) error = receive(connection);
  settle(connection, error);
}

void connection_open(const struct frame *frame) {
  struct place to;
  if (frame->length != sizeof to) return failed(frame->id, EPROTO);
  memcpy(&to, frame->body, sizeof to);
  int fd = tcp_connect(&to);
  if (fd < 0) return failed(frame->id, errno);
  struct connection *connection = allocate(sizeof *connection);
  connection->id = frame->id;
  connection->credit = WINDOW;
  connection->watch.fd = fd;
  connection->watch.ready = connection_ready;
  connection->next = connections;
  connections = connection;
  watch_set(&connection->watch, EPOLLOUT);
}

bool connection_frame(const struct frame *frame) {
  struct connection *connection = connections;
  while (connection != NULL && connection->id != frame->id) connection = connection->next;
  if (connection == NULL) return false;
  uint32_t bytes;
  if (frame->type == DATA && frame->length >= 1) {
    queue_push(&connection->sending, frame->body + 1, frame->length - 1);
  } else if (frame->type == END) {
    connection->last_was_queued = true;
  } else if (frame->type == CREDIT && frame->length == 5) {
    memcpy(&bytes, frame->body + 1, sizeof bytes);
    connection->credit += bytes;
  } else if (frame->type == SIGNAL) {
    tcp_reset(connection->watch.fd);
    connection_free(connection);
    return true;
  }
  if (connection->connected) settle(connection, transmit(connection));
  return true;
}
