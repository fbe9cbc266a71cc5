/*
 * Published ports: listens in the machine's own network and passes each connection on to a
 * container's address, as docker-proxy does. A container that refuses is a reset for who came.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent.h"
#include "tcp.h"

/* More at once are turned away: each holds memory here and in the kernel. */
#define MAX_PAIRS 1024

struct listener {
  struct listener *next;
  uint32_t id;
  struct watch watch;
  struct place to;
};

/* One end of a connection that is passed on. */
struct side {
  struct watch watch;
  struct pair *pair;
  struct queue sending; /* what came from the other */
  bool ended;           /* nothing more comes from it */
  bool shut;            /* it was told that nothing more comes */
};

struct pair {
  struct side near, far;
  bool connected; /* the far side */
};

static struct listener *listeners;
static unsigned pairs;

static struct side *other_of(struct side *side) {
  return side == &side->pair->near ? &side->pair->far : &side->pair->near;
}

static void side_open(struct side *side, struct pair *pair, int fd, void (*ready)(struct watch *)) {
  side->pair = pair;
  side->watch.fd = fd;
  side->watch.ready = ready;
}

static void pair_free(struct pair *pair, bool reset) {
  struct side *sides[] = {&pair->near, &pair->far};
  for (int i = 0; i < 2; i++) {
    if (reset) tcp_reset(sides[i]->watch.fd);
    watch_close(&sides[i]->watch);
    queue_clear(&sides[i]->sending);
  }
  pairs--;
  free_later(pair);
}

/* False when the connection is broken. */
static bool side_write(struct side *side) {
  if (side->shut) return true;
  if (queue_write(&side->sending, side->watch.fd) < 0) return false;
  if (queue_length(&side->sending) == 0 && other_of(side)->ended) {
    shutdown(side->watch.fd, SHUT_WR);
    side->shut = true;
  }
  return true;
}

/* Takes more only when the other side has taken what there was; mostly it takes it at once. */
static bool side_read(struct side *side) {
  char bytes[MAX_CHUNK];
  struct side *other = other_of(side);
  if (side->ended || queue_length(&other->sending) > 0) return true;
  ssize_t length = read(side->watch.fd, bytes, sizeof bytes);
  if (length < 0) return errno == EAGAIN || errno == EINTR;
  if (length == 0) {
    side->ended = true;
    return side_write(other);
  }
  ssize_t written = write(other->watch.fd, bytes, (size_t)length);
  if (written < 0 && errno != EAGAIN && errno != EINTR) return false;
  if (written < 0) written = 0;
  if (written < length) queue_push(&other->sending, bytes + written, (size_t)(length - written));
  return true;
}

static void side_watch(struct side *side) {
  bool reads = !side->ended && queue_length(&other_of(side)->sending) == 0;
  bool writes = queue_length(&side->sending) > 0;
  watch_set(&side->watch, (reads ? EPOLLIN : 0) | (writes ? EPOLLOUT : 0));
}

static void side_ready(struct watch *watch) {
  struct side *side = CONTAINER(watch, struct side, watch);
  struct pair *pair = side->pair;
  if (!pair->connected) {
    if (tcp_error(watch->fd) != 0) return pair_free(pair, true);
    pair->connected = true;
  } else if (!side_write(side) || !side_read(side)) {
    return pair_free(pair, true);
  }
  if (pair->near.shut && pair->far.shut) return pair_free(pair, false);
  side_watch(&pair->near);
  side_watch(&pair->far);
}

static void listener_ready(struct watch *watch) {
  struct listener *listener = CONTAINER(watch, struct listener, watch);
  int near = accept4(watch->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (near < 0) return;
  int far = pairs < MAX_PAIRS ? tcp_connect(&listener->to) : -1;
  if (far < 0) {
    tcp_reset(near);
    close(near);
    return;
  }
  tcp_prompt(near);
  struct pair *pair = allocate(sizeof *pair);
  side_open(&pair->near, pair, near, side_ready);
  side_open(&pair->far, pair, far, side_ready);
  pairs++;
  watch_set(&pair->far.watch, EPOLLOUT);
}

void forward_listen(const struct frame *frame) {
  struct place places[2];
  char message[64];
  if (frame->length != sizeof places) return send_done(frame->id, "EPROTO");
  memcpy(places, frame->body, sizeof places);
  int fd = tcp_listen(&places[0]);
  if (fd < 0) {
    snprintf(message, sizeof message, "listen: %s", error_name(errno));
    return send_done(frame->id, message);
  }
  struct listener *listener = allocate(sizeof *listener);
  listener->id = frame->id;
  listener->to = places[1];
  listener->watch.fd = fd;
  listener->watch.ready = listener_ready;
  listener->next = listeners;
  listeners = listener;
  watch_set(&listener->watch, EPOLLIN);
  send_done(frame->id, "");
}

void forward_release(const struct frame *frame) {
  uint32_t id;
  if (frame->length != sizeof id) return send_done(frame->id, "EPROTO");
  memcpy(&id, frame->body, sizeof id);
  for (struct listener **at = &listeners; *at != NULL; at = &(*at)->next) {
    struct listener *listener = *at;
    if (listener->id != id) continue;
    *at = listener->next;
    watch_close(&listener->watch);
    free_later(listener);
    break;
  }
  send_done(frame->id, "");
}
