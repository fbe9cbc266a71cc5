/* A process that the host asked for, shared by spawn.c and console.c. */
#ifndef PROCESS_H
#define PROCESS_H

#include "agent.h"

/* What the process writes, on its way to the host. */
struct output {
  struct watch watch; /* fd -1: ended */
  struct process *process;
  uint8_t number;
  uint32_t credit;
  bool terminal;
  bool ending;  /* nothing is waited for any more: over when there is nothing to read */
  ssize_t last; /* bytes still wanted when its time is up; -1: all */
};

#define MAX_OUTPUTS 16

struct process {
  struct process *next;
  uint32_t id;
  pid_t pid;
  bool started, ended;
  int code;
  int64_t deadline; /* once ended: when streams that others hold open are given up */
  struct watch failure; /* what exec reports */
  struct watch input; /* -1: closed, or the terminal did not come yet */
  struct queue input_bytes;
  uint32_t input_owed; /* written, not yet told the host */
  bool input_end, input_expected;
  int terminal; /* its master, for resize; -1: none */
  struct watch console; /* the socket where crun sends the terminal */
  uint16_t columns, rows;
  size_t output_count;
  struct output outputs[MAX_OUTPUTS];
};

/* stream.c. Opening takes over the descriptor. */
void output_open(struct process *process, uint8_t number, int fd, bool terminal);
/* Reads once; false when nothing more comes now. */
bool output_read(struct output *output);
void output_credit(struct process *process, uint8_t number, uint32_t bytes);
void input_open(struct process *process, int fd);
void input_push(struct process *process, const uint8_t *bytes, size_t length);
/* The host has no more of it. */
void input_finish(struct process *process);
void input_close(struct process *process);
/* A new one: its master, and the process's side in `slave`. -1 with errno. */
int terminal_open(int *slave);
/* This master is the process's terminal from now on. */
void terminal_use(struct process *process, int master);
void terminal_resize(const struct process *process);

/* spawn.c: tells the host that it ended, once it did and all it wrote was delivered. */
void process_settle(struct process *process);

/* console.c: 0, or -1 with errno; the path is that of the socket. */
int console_listen(struct process *process, char *path, size_t size);
void console_close(struct process *process);

/* exec.c: what the child does; never returns. Descriptors: 0, 1, 2 and the extra outputs. */
struct program {
  char **argv, **env;
  const char *cwd;
  int terminal; /* becomes the controlling terminal; -1: none */
  int fds[MAX_OUTPUTS + 1];
  size_t fd_count;
  int failure; /* where to write a struct failure */
};
struct failure {
  int error;
  char where[8]; /* "exec", "chdir", "fork" … */
};
void program_start(struct program *program) __attribute__((noreturn));

#endif
