/* The streams of a process: pipes, or a terminal. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "process.h"

/* --- output: from the process to the host -------------------------------------------------------- */

bool output_read(struct output *output) {
  char bytes[MAX_CHUNK];
  size_t most = sizeof bytes;
  if (output->credit < most) most = output->credit;
  if (output->last >= 0 && (size_t)output->last < most) most = (size_t)output->last;
  if (most == 0) return false;
  ssize_t length = read(output->watch.fd, bytes, most);
  if (length < 0 && errno == EINTR) return true;
  if (length < 0 && errno == EAGAIN && !output->ending) return false;
  /* EIO is how a terminal without processes ends. */
  if (length <= 0) {
    watch_close(&output->watch);
    return false;
  }
  output->credit -= (uint32_t)length;
  send_stream(DATA, output->process->id, output->number, bytes, (size_t)length);
  if (output->last < 0) return true;
  output->last -= length;
  if (output->last == 0) watch_close(&output->watch);
  return output->last > 0;
}

static void output_ready(struct watch *watch) {
  struct output *output = CONTAINER(watch, struct output, watch);
  output_read(output);
  if (output->credit == 0) watch_set(watch, 0);
  process_settle(output->process);
}

void output_open(struct process *process, uint8_t number, int fd, bool terminal) {
  struct output *output = &process->outputs[process->output_count++];
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  *output = (struct output){
      .watch = {.fd = fd, .ready = output_ready},
      .process = process,
      .number = number,
      .credit = WINDOW,
      .terminal = terminal,
      .last = -1,
  };
  watch_set(&output->watch, EPOLLIN);
}

void output_credit(struct process *process, uint8_t number, uint32_t bytes) {
  for (size_t i = 0; i < process->output_count; i++) {
    struct output *output = &process->outputs[i];
    if (output->number != number || output->watch.fd < 0) continue;
    output->credit += bytes;
    watch_set(&output->watch, EPOLLIN);
  }
  process_settle(process);
}

/* --- input: from the host to the process ----------------------------------------------------------- */

void input_close(struct process *process) {
  watch_close(&process->input);
  queue_clear(&process->input_bytes);
}

static void input_write(struct process *process) {
  if (process->input.fd < 0) return;
  ssize_t written = queue_write(&process->input_bytes, process->input.fd);
  if (written < 0) {
    /* Nobody reads any more: the host need not send the rest. */
    input_close(process);
    send_stream(END, process->id, 0, NULL, 0);
    return;
  }
  process->input_owed += (uint32_t)written;
  if (process->input_owed >= CREDIT_STEP) {
    send_credit(process->id, 0, process->input_owed);
    process->input_owed = 0;
  }
  bool more = queue_length(&process->input_bytes) > 0;
  watch_set(&process->input, more ? EPOLLOUT : 0);
  if (!more && process->input_end) input_close(process);
}

static void input_ready(struct watch *watch) {
  input_write(CONTAINER(watch, struct process, input));
}

void input_open(struct process *process, int fd) {
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  process->input.fd = fd;
  process->input.ready = input_ready;
  input_write(process);
}

void input_push(struct process *process, const uint8_t *bytes, size_t length) {
  if (process->input.fd < 0 && !process->input_expected) return;
  queue_push(&process->input_bytes, bytes, length);
  input_write(process);
}

/* The end of the input is not the end of a terminal: only whoever types can send Ctrl-D. */
void input_finish(struct process *process) {
  if (process->terminal >= 0 || process->input_expected) return;
  process->input_end = true;
  input_write(process);
}

/* --- terminals --------------------------------------------------------------------------------- */

void terminal_resize(const struct process *process) {
  struct winsize size = {.ws_col = process->columns, .ws_row = process->rows};
  if (process->terminal >= 0) ioctl(process->terminal, TIOCSWINSZ, &size);
}

void terminal_use(struct process *process, int master) {
  process->terminal = master;
  process->input_expected = false;
  terminal_resize(process);
  output_open(process, 1, fcntl(master, F_DUPFD_CLOEXEC, 3), true);
  input_open(process, fcntl(master, F_DUPFD_CLOEXEC, 3));
}

int terminal_open(int *slave) {
  int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
  int unlock = 0;
  struct termios modes;
  if (master < 0) return -1;
  if (ioctl(master, TIOCSPTLCK, &unlock) < 0) goto failed;
  *slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (*slave < 0) goto failed;
  /* A backspace takes back a character, not a byte, in programs that do not edit lines themselves. */
  if (tcgetattr(*slave, &modes) == 0) {
    modes.c_iflag |= IUTF8;
    tcsetattr(*slave, TCSANOW, &modes);
  }
  return master;
failed:
  close(master);
  return -1;
}
