/*
 * `crun --console-socket PATH` makes a terminal for the container and sends its master over a UNIX
 * socket. Here is the receiver.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "process.h"

static void console_path(const struct process *process, char *path, size_t size) {
  snprintf(path, size, "/run/semdistro/console-%u", process->id);
}

static int receive_descriptor(int socket) {
  char name[256];
  union {
    struct cmsghdr head;
    char room[CMSG_SPACE(sizeof(int))];
  } control;
  struct iovec bytes = {name, sizeof name};
  struct msghdr message = {.msg_iov = &bytes,
                           .msg_iovlen = 1,
                           .msg_control = &control,
                           .msg_controllen = sizeof control};
  if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) < 0) return -1;
  struct cmsghdr *head = CMSG_FIRSTHDR(&message);
  if (head == NULL || head->cmsg_type != SCM_RIGHTS || head->cmsg_len < CMSG_LEN(sizeof(int)))
    return -1;
  int fd;
  memcpy(&fd, CMSG_DATA(head), sizeof fd);
  return fd;
}

/* First the listening socket, then the connection: both are the same watch. */
static void console_ready(struct watch *watch) {
  struct process *process = CONTAINER(watch, struct process, console);
  int listening = 0;
  socklen_t size = sizeof listening;
  getsockopt(watch->fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size);
  if (listening) {
    int connection = accept4(watch->fd, NULL, NULL, SOCK_CLOEXEC);
    if (connection < 0) return;
    console_close(process);
    watch->fd = connection;
    watch_set(watch, EPOLLIN);
    return;
  }
  int master = receive_descriptor(watch->fd);
  watch_close(watch);
  if (master < 0) return logged("no terminal came for process %u", process->id);
  terminal_use(process, master);
}

int console_listen(struct process *process, char *path, size_t size) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  console_path(process, path, size);
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  unlink(path);
  process->console.ready = console_ready;
  process->console.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (process->console.fd < 0) return -1;
  if (bind(process->console.fd, (struct sockaddr *)&address, sizeof address) < 0) return -1;
  if (listen(process->console.fd, 1) < 0) return -1;
  watch_set(&process->console, EPOLLIN);
  return 0;
}

void console_close(struct process *process) {
  char path[64];
  if (process->console.fd < 0) return;
  watch_close(&process->console);
  console_path(process, path, sizeof path);
  unlink(path);
}
