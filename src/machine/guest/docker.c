/*
 * `docker` in the guest: a thin client. It hands its arguments, its directory and a few variables to
 * the engine through the agent's socket, prints what it is sent, reads what it is asked to read,
 * passes signals on, and exits with the code it is told.
 *
 *   gcc -std=gnu11 -O2 -Wall -Wextra -static -o docker docker.c
 *
 * It does the reading and writing itself, rather than handing its descriptors over, so that the
 * shell's job control (stopped when it reads in the background), `| head` and Ctrl-S do what they do
 * with any other program.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include "protocol.h"

extern char **environ;

static int engine = -1;
static int wakeups[2];
static uint32_t may_read; /* bytes that one read of stdin may take; 0: not asked for */
static int interrupts;

/* --- the terminal ------------------------------------------------------------------------------- */

static struct termios cooked;
static bool raw;

/* From the background the terminal is somebody else's. */
static bool in_foreground(void) { return tcgetpgrp(0) == getpgrp(); }

static void set_raw(bool on) {
  struct termios modes;
  if (on == raw || !isatty(0) || !in_foreground()) return;
  if (on) {
    if (tcgetattr(0, &cooked) < 0) return;
    modes = cooked;
    cfmakeraw(&modes);
  } else {
    modes = cooked;
  }
  if (tcsetattr(0, TCSADRAIN, &modes) == 0) raw = on;
}

static void __attribute__((noreturn)) leave(int code) {
  set_raw(false);
  exit(code);
}

static bool window_size(struct winsize *size) {
  for (int fd = 0; fd <= 2; fd++)
    if (ioctl(fd, TIOCGWINSZ, size) == 0 && size->ws_col > 0) return true;
  memset(size, 0, sizeof *size);
  return false;
}

/* --- frames --------------------------------------------------------------------------------------- */

static void __attribute__((noreturn)) lost(void) {
  set_raw(false);
  fprintf(stderr, "docker: the connection to the engine of Sem Distro was lost\n");
  exit(1);
}

static void send_all(const void *bytes, size_t length) {
  const char *at = bytes;
  while (length > 0) {
    ssize_t sent = send(engine, at, length, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    /* The engine has ended the command, perhaps; what it said last is still to be read. */
    if (sent < 0) return;
    at += sent;
    length -= (size_t)sent;
  }
}

static void send_frame(uint8_t type, const void *body, size_t length) {
  struct frame_head head = {type | (uint32_t)length << 8, 0};
  send_all(&head, sizeof head);
  send_all(body, length);
}

static void send_size(void) {
  struct winsize size;
  if (!window_size(&size)) return;
  uint16_t body[2] = {size.ws_col, size.ws_row};
  send_frame(RESIZE, body, sizeof body);
}

static void receive_all(void *bytes, size_t length) {
  char *at = bytes;
  while (length > 0) {
    ssize_t received = read(engine, at, length);
    if (received < 0 && errno == EINTR) continue;
    if (received <= 0) lost();
    at += received;
    length -= (size_t)received;
  }
}

/* --- signals ---------------------------------------------------------------------------------------- */

static void note_signal(int number) {
  int saved = errno;
  unsigned char byte = (unsigned char)number;
  /* A full pipe holds enough signals. */
  if (write(wakeups[1], &byte, 1) < 0) errno = saved;
  errno = saved;
}

static void watch_signal(int number) {
  struct sigaction action = {.sa_handler = note_signal}; /* without SA_RESTART: a write that waits must end */
  sigaction(number, &action, NULL);
}

/* Stops like any program, but hands the terminal back as it was, and takes it up again afterwards. */
static void stop(void) {
  bool was_raw = raw;
  set_raw(false);
  signal(SIGTSTP, SIG_DFL);
  raise(SIGTSTP);
  watch_signal(SIGTSTP);
  if (was_raw) set_raw(true);
  send_size();
}

static void pass_signals(void) {
  unsigned char number;
  while (read(wakeups[0], &number, 1) == 1) {
    if (number == SIGTSTP) {
      stop();
    } else if (number == SIGWINCH || number == SIGCONT) {
      send_size();
    } else {
      send_frame(SIGNAL, &number, 1);
      if (number != SIGHUP && ++interrupts == 3) {
        set_raw(false);
        fprintf(stderr, "got 3 SIGTERM/SIGINTs, forcefully exiting\n");
        exit(1);
      }
    }
  }
}

static void watch_signals(void) {
  static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT};
  if (pipe2(wakeups, O_CLOEXEC | O_NONBLOCK) < 0) exit(1);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    struct sigaction old;
    /* What a shell or nohup told us to ignore stays ignored. */
    if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler == SIG_IGN) continue;
    watch_signal(numbers[i]);
  }
}

/* --- the command --------------------------------------------------------------------------------------- */

static bool wanted(const char *pair) {
  static const char *const names[] = {"DOCKER_",     "BUILDKIT_", "COMPOSE_", "LC_",   "SOURCE_DATE_EPOCH=",
                                      "NO_COLOR=",   "TERM=",     "LANG=",    "TZ=",   "COLUMNS=",
                                      "LANGUAGE="};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strncmp(pair, names[i], strlen(names[i])) == 0) return true;
  return false;
}

static void append(char **body, size_t *length, const void *bytes, size_t count) {
  *body = realloc(*body, *length + count);
  if (*body == NULL) exit(1);
  memcpy(*body + *length, bytes, count);
  *length += count;
}

static void send_command(int argc, char **argv) {
  char *cwd = getcwd(NULL, 0);
  struct winsize size;
  struct command_head head = {.argc = (uint16_t)(argc - 1)};
  char *body = NULL;
  size_t length = 0;
  head.has_size = window_size(&size);
  head.columns = size.ws_col;
  head.rows = size.ws_row;
  for (int fd = 0; fd <= 2; fd++)
    if (isatty(fd)) head.terminals |= (uint8_t)(1 << fd);
  for (char **pair = environ; *pair != NULL; pair++) head.envc += wanted(*pair);
  append(&body, &length, &head, sizeof head);
  if (cwd == NULL) cwd = strdup("/");
  append(&body, &length, cwd, strlen(cwd) + 1);
  for (int i = 1; i < argc; i++) append(&body, &length, argv[i], strlen(argv[i]) + 1);
  for (char **pair = environ; *pair != NULL; pair++)
    if (wanted(*pair)) append(&body, &length, *pair, strlen(*pair) + 1);
  send_frame(COMMAND, body, length);
  free(body);
  free(cwd);
}

/* --- its streams ------------------------------------------------------------------------------------------ */

/* Prints and tells the engine that it was taken. Without a reader the kernel ends us by SIGPIPE. */
static void print(const char *body, size_t length) {
  if (length < 1) return;
  uint8_t stream = (uint8_t)body[0];
  const char *at = body + 1;
  size_t left = length - 1;
  while (left > 0) {
    ssize_t written = write(stream, at, left);
    if (written < 0 && errno == EINTR) {
      pass_signals();
    } else if (written < 0 && errno == EAGAIN) {
      /* The shell's pipe may be somebody else's non-blocking one. */
      poll(&(struct pollfd){.fd = stream, .events = POLLOUT}, 1, -1);
    } else if (written < 0) {
      leave(1);
    } else {
      at += written;
      left -= (size_t)written;
    }
  }
  uint32_t taken = (uint32_t)(length - 1);
  char credit[5] = {(char)stream};
  memcpy(credit + 1, &taken, sizeof taken);
  send_frame(CREDIT, credit, sizeof credit);
}

static void read_input(void) {
  static char body[1 + WINDOW];
  size_t most = may_read < WINDOW ? may_read : WINDOW;
  ssize_t length = read(0, body + 1, most);
  if (length < 0 && (errno == EINTR || errno == EAGAIN)) return;
  may_read = 0;
  body[0] = 0;
  if (length <= 0)
    send_frame(END, body, 1);
  else
    send_frame(DATA, body, (size_t)length + 1);
}

static void receive(void) {
  static char body[MAX_CHUNK + 64];
  struct frame_head head;
  receive_all(&head, sizeof head);
  size_t length = head.type_and_length >> 8;
  if (length > sizeof body) lost();
  receive_all(body, length);
  switch (head.type_and_length & 0xff) {
    case DATA:
      return print(body, length);
    case CREDIT:
      if (length == 5 && body[0] == 0) memcpy(&may_read, body + 1, sizeof may_read);
      return;
    case RAW:
      if (length == 1) set_raw(body[0] != 0);
      return;
    case EXIT: {
      int32_t code = 1;
      if (length == 4) memcpy(&code, body, sizeof code);
      leave(code);
    }
  }
}

int main(int argc, char **argv) {
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = DOCKER_SOCKET};
  engine = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(engine, (struct sockaddr *)&address, sizeof address) < 0) {
    fprintf(stderr,
            "Cannot connect to the Docker daemon at unix://" DOCKER_SOCKET
            ". Is the docker daemon running?\n"
            "(The engine of Sem Distro runs outside this machine and answers there: %s.)\n",
            strerror(errno));
    return 1;
  }
  watch_signals();
  send_command(argc, argv);
  for (;;) {
    struct pollfd polled[3] = {
        {.fd = engine, .events = POLLIN},
        {.fd = wakeups[0], .events = POLLIN},
        {.fd = may_read > 0 ? 0 : -1, .events = POLLIN},
    };
    if (poll(polled, 3, -1) < 0 && errno != EINTR) lost();
    if (polled[1].revents) pass_signals();
    if (polled[0].revents) receive();
    if (polled[2].revents) read_input();
  }
}
