#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "agent.h"

static int poller = -1;
static void **garbage;
static size_t garbage_count, garbage_room;

static int poller_fd(void) {
  if (poller < 0) poller = epoll_create1(EPOLL_CLOEXEC);
  if (poller < 0) die("epoll_create1");
  return poller;
}

void watch_set(struct watch *watch, uint32_t events) {
  if (watch->events == events || watch->fd < 0) return;
  /* Taken out altogether rather than left with no events: EPOLLHUP would be reported for ever. */
  int operation = events == 0 ? EPOLL_CTL_DEL : watch->events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  struct epoll_event event = {.events = events, .data.ptr = watch};
  if (epoll_ctl(poller_fd(), operation, watch->fd, &event) < 0) die("epoll_ctl");
  watch->events = events;
}

void watch_close(struct watch *watch) {
  if (watch->fd < 0) return;
  watch_set(watch, 0);
  close(watch->fd);
  watch->fd = -1;
}

void free_later(void *memory) {
  if (garbage_count == garbage_room) {
    garbage_room = garbage_room * 2 + 16;
    garbage = realloc(garbage, garbage_room * sizeof *garbage);
    if (garbage == NULL) die("out of memory");
  }
  garbage[garbage_count++] = memory;
}

int64_t now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

void loop(void) {
  struct epoll_event events[64];
  for (;;) {
    int count = epoll_wait(poller_fd(), events, 64, process_deadlines());
    if (count < 0 && errno != EINTR) die("epoll_wait");
    for (int i = 0; i < count; i++) {
      struct watch *watch = events[i].data.ptr;
      /* An earlier event of this round may have closed it. */
      if (watch->fd >= 0 && watch->events != 0) watch->ready(watch);
    }
    while (garbage_count > 0) free(garbage[--garbage_count]);
  }
}

void logged(const char *format, ...) {
  char line[512];
  va_list values;
  va_start(values, format);
  int length = vsnprintf(line, sizeof line, format, values);
  va_end(values);
  if (length < 0) return;
  int console = open("/dev/ttyS0", O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (console < 0) return;
  dprintf(console, "semdistro-agent: %s\r\n", line);
  close(console);
}

const char *error_name(int error) {
  const char *name = strerrorname_np(error);
  return name == NULL ? "EIO" : name;
}

void die(const char *what) {
  logged("%s: %s", what, errno == 0 ? "" : strerror(errno));
  /* The kernel panics when its process 1 ends. */
  _exit(1);
}

void *allocate(size_t size) {
  void *memory = calloc(1, size);
  if (memory == NULL) die("out of memory");
  return memory;
}
