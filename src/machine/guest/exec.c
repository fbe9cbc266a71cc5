/* The child's side of a spawn: from fork to exec. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "process.h"

/* Above every descriptor that a child is given. */
#define HIGH 100

static void child_defaults(void) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  signal(SIGPIPE, SIG_DFL);
  struct rlimit files = {1024, 524288};
  setrlimit(RLIMIT_NOFILE, &files);
}

static void __attribute__((noreturn)) fail(const struct program *program, const char *where) {
  struct failure failure = {.error = errno};
  strncpy(failure.where, where, sizeof failure.where - 1);
  if (write(program->failure, &failure, sizeof failure) < 0) _exit(126);
  _exit(127);
}

/* As execvp, by the PATH of the new environment, and without its habit of giving scripts to sh. */
static void execute(char **argv, char **env) {
  const char *path = NULL;
  for (char **pair = env; *pair != NULL; pair++)
    if (strncmp(*pair, "PATH=", 5) == 0) path = *pair + 5;
  if (strchr(argv[0], '/') != NULL || argv[0][0] == 0 || path == NULL) {
    execve(argv[0], argv, env);
    return;
  }
  int error = ENOENT;
  for (const char *end; *path != 0; path = *end == 0 ? end : end + 1) {
    char candidate[4096];
    end = strchrnul(path, ':');
    int length = snprintf(candidate, sizeof candidate, "%.*s/%s", (int)(end - path), path, argv[0]);
    if (length >= (int)sizeof candidate) continue;
    execve(candidate, argv, env);
    /* A file that is there but may not be run says more than another directory that lacks it. */
    if (errno != ENOENT && errno != ENOTDIR) error = errno;
    if (error != ENOENT && error != EACCES) break;
  }
  errno = error;
}

void program_start(struct program *program) {
  int kept = (int)program->fd_count;
  setsid();
  /* First out of the way of the numbers they will have, which may be those of each other. */
  program->failure = fcntl(program->failure, F_DUPFD_CLOEXEC, HIGH);
  for (int i = 0; i < kept; i++) program->fds[i] = fcntl(program->fds[i], F_DUPFD_CLOEXEC, HIGH);
  for (int i = 0; i < kept; i++)
    if (dup2(program->fds[i], i) < 0) fail(program, "dup2");
  if (dup3(program->failure, kept, O_CLOEXEC) >= 0) program->failure = kept;
  /* exec closes them too, but may wait long for the program's file, and others wait for their ends. */
  close_range((unsigned)kept + 1, ~0U, 0);
  if (program->terminal >= 0 && ioctl(0, TIOCSCTTY, 0) < 0) fail(program, "tty");
  child_defaults();
  if (chdir(program->cwd) < 0) fail(program, "chdir");
  execute(program->argv, program->env);
  fail(program, "exec");
}
