#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/uio.h>
#include <termios.h>
#include <unistd.h>

#include "agent.h"

static struct watch host = {.fd = -1};
static struct framer incoming;

/*
 * A port that the emulator did not declare a console is a character device that moves whole buffers:
 * 2 to 6 times as fast as the terminal /dev/hvcN that the same port is otherwise.
 */
int open_port(int number) {
  char pattern[32];
  glob_t found;
  int fd = -1;
  snprintf(pattern, sizeof pattern, "/dev/vport*p%d", number);
  errno = ENOENT;
  if (glob(pattern, 0, NULL, &found) == 0) fd = open(found.gl_pathv[0], O_RDWR | O_CLOEXEC);
  if (fd >= 0) return fd;
  snprintf(pattern, sizeof pattern, "/dev/hvc%d", number);
  fd = open(pattern, O_RDWR | O_NOCTTY | O_CLOEXEC);
  struct termios modes;
  if (fd >= 0 && tcgetattr(fd, &modes) == 0) {
    cfmakeraw(&modes);
    tcsetattr(fd, TCSANOW, &modes);
  }
  return fd;
}

static void kill_requested(const struct frame *frame) {
  int32_t pid;
  if (frame->length < 5) return send_done(frame->id, "EINVAL");
  memcpy(&pid, frame->body, sizeof pid);
  bool sent = kill(pid, frame->body[4]) == 0;
  send_done(frame->id, sent ? "" : error_name(errno));
}

static void frame_from_host(const struct frame *frame) {
  if (frame->id & 0x80000000) return client_frame(frame);
  switch (frame->type) {
    case SETUP: {
      const char *trouble = set_up(frame);
      return send_done(frame->id, trouble == NULL ? "" : trouble);
    }
    case SPAWN:
      return process_spawn(frame);
    case KILL:
      return kill_requested(frame);
    case SYNC:
      return sync_start(frame->id);
    case ANSWER:
      return resolver_answer(frame);
    case JOIN:
      return network_join(frame);
    case LEAVE:
      return network_leave(frame);
    case LISTEN:
      return forward_listen(frame);
    case RELEASE:
      return forward_release(frame);
    case CONNECT:
      return connection_open(frame);
    default:
      if (!connection_frame(frame)) process_frame(frame);
  }
}

static void host_ready(struct watch *watch) {
  char bytes[32768];
  ssize_t length = read(watch->fd, bytes, sizeof bytes);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (length <= 0) die("the channel to the host is closed");
  queue_push(&incoming.bytes, bytes, (size_t)length);
  struct frame frame;
  while (framer_next(&incoming, &frame)) frame_from_host(&frame);
  if (queue_length(&incoming.bytes) == 0) queue_clear(&incoming.bytes);
}

/*
 * Blocks until the emulator has taken it, which it does at once, always: flow control is the credit
 * of the streams.
 */
void send_frame(uint8_t type, uint32_t id, const void *head, size_t head_length, const void *tail,
                size_t tail_length) {
  static char frame[sizeof(struct frame_head) + MAX_CHUNK + 16];
  size_t length = head_length + tail_length;
  struct frame_head start = {type | (uint32_t)length << 8, id};
  /* One write for all that is of the usual size: every write costs a round through the emulator. */
  if (sizeof start + length <= sizeof frame) {
    memcpy(frame, &start, sizeof start);
    if (head_length > 0) memcpy(frame + sizeof start, head, head_length);
    if (tail_length > 0) memcpy(frame + sizeof start + head_length, tail, tail_length);
  }
  const char *parts[] = {frame, (const char *)head, (const char *)tail};
  size_t lengths[] = {sizeof start + length, 0, 0};
  if (sizeof start + length > sizeof frame) {
    memcpy(frame, &start, sizeof start);
    lengths[0] = sizeof start;
    lengths[1] = head_length;
    lengths[2] = tail_length;
  }
  for (int i = 0; i < 3; i++) {
    while (lengths[i] > 0) {
      ssize_t written = write(host.fd, parts[i], lengths[i]);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) die("write to the host");
      parts[i] += written;
      lengths[i] -= (size_t)written;
    }
  }
}

void send_done(uint32_t request, const char *message) {
  send_frame(DONE, request, message, strlen(message), NULL, 0);
}

void send_number(uint8_t type, uint32_t id, uint32_t number) {
  send_frame(type, id, &number, sizeof number, NULL, 0);
}

void send_stream(uint8_t type, uint32_t id, uint8_t stream, const void *bytes, size_t length) {
  send_frame(type, id, &stream, 1, bytes, length);
}

void send_credit(uint32_t id, uint8_t stream, uint32_t bytes) {
  send_stream(CREDIT, id, stream, &bytes, sizeof bytes);
}

void channel_open(void) {
  /* The driver makes its ports when the emulator has told it of them, a moment after it was loaded. */
  for (int tries = 0; tries < 100 && (host.fd = open_port(0)) < 0; tries++) usleep(50000);
  if (host.fd < 0) die("no channel to the host");
  host.ready = host_ready;
  watch_set(&host, EPOLLIN);
  send_number(READY, 0, PROTOCOL_VERSION);
}
