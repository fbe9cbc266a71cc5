/*
 * Processes for the host. When one ends, what it wrote is delivered first; what others still hold
 * open (a grandchild in the background) is waited for GRACE ms, as dockerd does
 * (daemon/monitor.go: StreamConfig.Wait with 2 seconds), and then left.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process.h"

#define GRACE 2000

static struct process *processes;

/* --- beginning and end --------------------------------------------------------------------------- */

static void process_free(struct process *process) {
  for (size_t i = 0; i < process->output_count; i++) watch_close(&process->outputs[i].watch);
  watch_close(&process->failure);
  input_close(process);
  console_close(process);
  if (process->terminal >= 0) close(process->terminal);
  for (struct process **at = &processes; *at != NULL; at = &(*at)->next) {
    if (*at != process) continue;
    *at = process->next;
    break;
  }
  free_later(process);
}

void process_settle(struct process *process) {
  if (!process->ended) return;
  for (size_t i = 0; i < process->output_count; i++)
    if (process->outputs[i].watch.fd >= 0) return;
  uint32_t id = process->id;
  uint32_t code = (uint32_t)process->code;
  process_free(process);
  send_number(EXIT, id, code);
}

static void send_failed(uint32_t id, const char *where, int error) {
  char text[64];
  int length = snprintf(text, sizeof text, "%s: %s", where, error_name(error));
  send_frame(FAILED, id, text, (size_t)length, NULL, 0);
}

/* The pipe from the child was closed by exec, or holds why there was none. */
static void failure_ready(struct watch *watch) {
  struct process *process = CONTAINER(watch, struct process, failure);
  struct failure failure;
  ssize_t length = read(watch->fd, &failure, sizeof failure);
  if (length < 0 && (errno == EINTR || errno == EAGAIN)) return;
  watch_close(watch);
  if (length == sizeof failure) {
    uint32_t id = process->id;
    process_free(process);
    return send_failed(id, failure.where, failure.error);
  }
  process->started = true;
  send_number(STARTED, process->id, (uint32_t)process->pid);
}

bool process_reaped(pid_t pid, int status) {
  struct process *process = processes;
  while (process != NULL && process->pid != pid) process = process->next;
  if (process == NULL) return false;
  /* The host hears of the start before the end, and of a failed start only. */
  if (!process->started) {
    failure_ready(&process->failure);
    if (!process->started) return true;
  }
  process->ended = true;
  process->pid = -1;
  process->code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  process->deadline = now_ms() + GRACE;
  console_close(process);
  input_close(process);
  for (size_t i = 0; i < process->output_count; i++) {
    struct output *output = &process->outputs[i];
    /* The kernel hung its terminal up: whoever still has it open cannot write to it. */
    output->ending = output->terminal;
    while (output->watch.fd >= 0 && output_read(output)) continue;
  }
  process_settle(process);
  return true;
}

/* Its time is up: what is in the pipe now is still delivered. */
static void output_limit(struct output *output) {
  int held = 0;
  if (output->watch.fd < 0 || output->ending) return;
  output->ending = true;
  ioctl(output->watch.fd, FIONREAD, &held);
  output->last = held;
  if (held == 0) watch_close(&output->watch);
}

int process_deadlines(void) {
  int64_t now = now_ms(), soonest = -1;
  for (struct process *process = processes, *next; process != NULL; process = next) {
    next = process->next;
    if (!process->ended || process->deadline < 0) continue;
    if (process->deadline <= now) {
      process->deadline = -1;
      for (size_t i = 0; i < process->output_count; i++) output_limit(&process->outputs[i]);
      process_settle(process);
    } else if (soonest < 0 || process->deadline - now < soonest) {
      soonest = process->deadline - now;
    }
  }
  return (int)soonest;
}

/* --- what the host asks for ------------------------------------------------------------------------- */

/* Takes the next NUL-terminated string; NULL when the frame ends before it does. */
static char *take_string(const uint8_t **at, const uint8_t *end) {
  const uint8_t *zero = memchr(*at, 0, (size_t)(end - *at));
  if (zero == NULL) return NULL;
  char *text = (char *)*at;
  *at = zero + 1;
  return text;
}

static char **take_strings(const uint8_t **at, const uint8_t *end, size_t count) {
  if (count > (size_t)(end - *at)) return NULL;
  char **strings = allocate((count + 1) * sizeof *strings);
  for (size_t i = 0; i < count; i++) {
    strings[i] = take_string(at, end);
    if (strings[i] != NULL) continue;
    free(strings);
    return NULL;
  }
  return strings;
}

/* `{socket}` in an argument, as the whole of it or after a `=`. */
static void replace_socket(char **argv, const char *path, char *room, size_t size) {
  for (; *argv != NULL; argv++) {
    char *place = strstr(*argv, "{socket}");
    if (place == NULL) continue;
    snprintf(room, size, "%.*s%s%s", (int)(place - *argv), *argv, path, place + 8);
    *argv = room;
    return;
  }
}

/* Our ends of the pipes go into the process, the child's into the program. -1 with errno. */
static int streams_open(struct process *process, struct program *program, const struct spawn_head *head) {
  int ends[2];
  program->terminal = -1;
  if (head->flags & SPAWN_TERMINAL) {
    int slave, master = terminal_open(&slave);
    if (master < 0) return -1;
    program->terminal = slave;
    while (program->fd_count < 3) program->fds[program->fd_count++] = slave;
    terminal_use(process, master);
  } else {
    if ((head->flags & SPAWN_STDIN) && !(head->flags & SPAWN_CONSOLE)) {
      if (pipe2(ends, O_CLOEXEC) < 0) return -1;
      program->fds[program->fd_count++] = ends[0];
      input_open(process, ends[1]);
    } else {
      int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
      if (null < 0) return -1;
      program->fds[program->fd_count++] = null;
    }
    /* With a terminal that comes later both are what the starter itself has to say: stream 2. */
    for (uint8_t number = head->flags & SPAWN_CONSOLE ? 2 : 1; number <= 2; number++) {
      if (pipe2(ends, O_CLOEXEC) < 0) return -1;
      if (head->flags & SPAWN_CONSOLE) program->fds[program->fd_count++] = ends[1];
      program->fds[program->fd_count++] = ends[1];
      output_open(process, number, ends[0], false);
    }
  }
  for (uint8_t i = 0; i < head->extra_outputs; i++) {
    if (pipe2(ends, O_CLOEXEC) < 0) return -1;
    program->fds[program->fd_count++] = ends[1];
    output_open(process, (uint8_t)(3 + i), ends[0], false);
  }
  return 0;
}

static void streams_close(struct program *program) {
  for (size_t i = 0; i < program->fd_count; i++)
    if (i == 0 || program->fds[i] != program->fds[i - 1]) close(program->fds[i]);
}

static struct process *process_new(uint32_t id, const struct spawn_head *head) {
  struct process *process = allocate(sizeof *process);
  process->id = id;
  process->terminal = process->failure.fd = process->input.fd = process->console.fd = -1;
  process->columns = head->columns;
  process->rows = head->rows;
  process->input_expected = (head->flags & SPAWN_CONSOLE) != 0;
  process->next = processes;
  processes = process;
  return process;
}

static void start(struct process *process, struct program *program, const struct spawn_head *head) {
  char path[64], room[256];
  int ends[2] = {-1, -1};
  const char *where = "pipe";
  if (head->flags & SPAWN_CONSOLE) {
    if (console_listen(process, path, sizeof path) < 0) goto failed;
    replace_socket(program->argv, path, room, sizeof room);
  }
  if (streams_open(process, program, head) < 0) goto failed;
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) goto failed;
  program->failure = ends[1];
  where = "fork";
  process->pid = fork();
  if (process->pid == 0) program_start(program);
  if (process->pid < 0) goto failed;
  streams_close(program);
  close(ends[1]);
  process->failure.fd = ends[0];
  process->failure.ready = failure_ready;
  watch_set(&process->failure, EPOLLIN);
  return;
failed:;
  int error = errno;
  uint32_t id = process->id;
  streams_close(program);
  if (ends[0] >= 0) close(ends[0]);
  if (ends[1] >= 0) close(ends[1]);
  process_free(process);
  send_failed(id, where, error);
}

void process_spawn(const struct frame *frame) {
  struct spawn_head head;
  struct program program = {0};
  const uint8_t *at = frame->body + sizeof head, *end = frame->body + frame->length;
  if (frame->length < sizeof head) return send_failed(frame->id, "spawn", EPROTO);
  memcpy(&head, frame->body, sizeof head);
  program.cwd = take_string(&at, end);
  if (program.cwd != NULL) program.argv = take_strings(&at, end, head.argc);
  if (program.argv != NULL) program.env = take_strings(&at, end, head.envc);
  if (program.env == NULL || head.argc == 0 || head.extra_outputs > MAX_OUTPUTS - 3)
    send_failed(frame->id, "spawn", EPROTO);
  else
    start(process_new(frame->id, &head), &program, &head);
  free(program.argv);
  free(program.env);
}

void process_frame(const struct frame *frame) {
  struct process *process = processes;
  while (process != NULL && process->id != frame->id) process = process->next;
  if (process == NULL) return;
  const uint8_t *body = frame->body;
  uint32_t bytes;
  if (frame->type == DATA && frame->length >= 1) {
    input_push(process, body + 1, frame->length - 1);
  } else if (frame->type == END) {
    input_finish(process);
  } else if (frame->type == CREDIT && frame->length == 5) {
    memcpy(&bytes, body + 1, sizeof bytes);
    output_credit(process, body[0], bytes);
  } else if (frame->type == RESIZE && frame->length == 4) {
    memcpy(&process->columns, body, 2);
    memcpy(&process->rows, body + 2, 2);
    terminal_resize(process);
  } else if (frame->type == SIGNAL && frame->length == 1 && process->pid > 0) {
    kill(process->pid, body[0]);
  }
}
