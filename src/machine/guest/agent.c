/*
 * Process 1 of the guest. It waits for the host on a port of the virtio console, starts processes
 * for it, carries their streams, and is where the guest's `docker` reaches the engine.
 *
 * Started by the initramfs when /proc, /sys, /dev, /dev/pts, /run and /tmp are mounted; the machine's
 * memory is saved when it says so on the kernel's console. Everything else comes with SETUP.
 *
 * Compile all .c files of the agent into one static program:
 *   gcc -std=gnu11 -O2 -Wall -Wextra -static -o agent agent.c loop.c queue.c channel.c spawn.c \
 *     stream.c exec.c console.c client.c setup.c resolver.c network.c netlink.c forward.c connection.c tcp.c
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent.h"

static struct watch children = {.fd = -1};

static void children_ready(struct watch *watch) {
  struct signalfd_siginfo signals[8];
  int status;
  /* One signal may stand for many children. */
  if (read(watch->fd, signals, sizeof signals) < 0 && errno != EAGAIN) die("signalfd");
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
    if (!process_reaped(pid, status)) sync_reaped(pid, status);
}

static void children_open(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigprocmask(SIG_BLOCK, &set, NULL);
  signal(SIGPIPE, SIG_IGN);
  children.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  children.ready = children_ready;
  if (children.fd < 0) die("signalfd");
  watch_set(&children, EPOLLIN);
}

/* Descriptors 0 to 2 would otherwise be given to pipes, and what a child prints end in one. */
static void streams_open(void) {
  int fd;
  while ((fd = open("/dev/null", O_RDWR)) >= 0 && fd < 3) continue;
  if (fd >= 3) close(fd);
}

int main(void) {
  /* Some hundred processes have several pipes each. */
  struct rlimit files = {524288, 524288};
  streams_open();
  setrlimit(RLIMIT_NOFILE, &files);
  umask(022);
  mkdir("/run/semdistro", 0755);
  children_open();
  networks_open();
  clients_open();
  channel_open();
  logged("ready");
  loop();
}
