/* What is done once after the machine's memory was restored, and when its files must be written. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "agent.h"

#define NINEP "/run/semdistro/9p"
#define RESOLV_CONF "/run/semdistro/resolv.conf"

static char trouble[256];

static const char *failed(const char *what) {
  snprintf(trouble, sizeof trouble, "%s: %s", what, error_name(errno));
  return trouble;
}

static int bind_tools(const char *name) {
  char source[64], target[16];
  snprintf(source, sizeof source, NINEP "/tools/%s", name);
  snprintf(target, sizeof target, "/%s", name);
  mkdir(target, 0755);
  if (mount(source, target, NULL, MS_BIND, NULL) < 0) return -1;
  /* Said here and not only by the server: crun then need not copy itself before every start. */
  return mount(NULL, target, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL);
}

/* The tools' own /etc cannot be written to. */
static int point_to_resolver(void) {
  static const char text[] = "nameserver 127.0.0.53\n";
  struct stat there;
  int fd = open(RESOLV_CONF, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0 || write(fd, text, sizeof text - 1) < 0 || close(fd) < 0) return -1;
  if (stat("/etc/resolv.conf", &there) < 0) return 0;
  return mount(RESOLV_CONF, "/etc/resolv.conf", NULL, MS_BIND, NULL);
}

/* One direction of the workspace's 9P, until the host or the file system ends. */
static void __attribute__((noreturn)) relay(int from, int to) {
  static char bytes[65536];
  for (;;) {
    ssize_t length = read(from, bytes, sizeof bytes), sent = 0;
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) _exit(0);
    while (sent < length) {
      ssize_t written = write(to, bytes + sent, (size_t)(length - sent));
      if (written < 0 && errno != EINTR) _exit(0);
      if (written > 0) sent += written;
    }
  }
}

static void relay_start(int from, int to) {
  if (fork() != 0) return;
  int fds[2] = {fcntl(from, F_DUPFD_CLOEXEC, 3), fcntl(to, F_DUPFD_CLOEXEC, 3)};
  unsigned low = (unsigned)(fds[0] < fds[1] ? fds[0] : fds[1]);
  unsigned high = (unsigned)(fds[0] < fds[1] ? fds[1] : fds[0]);
  if (low > 3) close_range(3, low - 1, 0);
  if (high > low + 1) close_range(low + 1, high - 1, 0);
  close_range(high + 1, ~0U, 0);
  /* Whatever else needs the memory, the learner's files stay. */
  int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (score < 0 || write(score, "-1000", 5) < 0) logged("the workspace may be a victim of the OOM killer");
  relay(fds[0], fds[1]);
}

/*
 * The learner's directory: 9P over a port of its own, nothing cached, so that both sides see each
 * other's changes at once. The kernel speaks 9P over a socket or a terminal, not over the port's
 * device, hence two processes that copy. They are not this one, which would wait for itself as soon
 * as it touched the directory.
 */
static const char *mount_workspace(void) {
  int ends[2];
  char options[128];
  int port = open_port(1);
  if (port < 0) return failed("port 1");
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) return failed("socketpair");
  relay_start(port, ends[1]);
  relay_start(ends[1], port);
  close(port);
  close(ends[1]);
  mkdir("/workspace", 0755);
  snprintf(options, sizeof options,
           "trans=fd,rfdno=%d,wfdno=%d,version=9p2000.L,cache=none,msize=65536,access=any", ends[0],
           ends[0]);
  int result = mount("workspace", "/workspace", "9p", MS_NOSUID | MS_NODEV, options);
  const char *message = result < 0 ? failed("mount /workspace") : NULL;
  close(ends[0]);
  return message;
}

const char *set_up(const struct frame *frame) {
  uint64_t now;
  if (frame->length != sizeof now + 1) return "EPROTO";
  memcpy(&now, frame->body, sizeof now);
  struct timespec time = {.tv_sec = (time_t)(now / 1000), .tv_nsec = (long)(now % 1000) * 1000000};
  if (clock_settime(CLOCK_REALTIME, &time) < 0) return failed("clock");
  mkdir(NINEP, 0755);
  /*
   * access=user: with access=any the server is not told whose files are made. msize: Linux takes as
   * much memory in one piece for each directory that is read, zeroed; 128 KiB is found where memory is
   * in pieces, and faster than the 512 KiB that virtio allows, which failed with ENOMEM at times.
   */
  if (mount("host9p", NINEP, "9p", 0,
            "trans=virtio,version=9p2000.L,cache=loose,msize=131000,access=user") < 0)
    return failed("mount 9P");
  if (bind_tools("usr") < 0) return failed("/usr");
  if (bind_tools("etc") < 0) return failed("/etc");
  if (point_to_resolver() < 0) return failed("/etc/resolv.conf");
  return frame->body[sizeof now] ? mount_workspace() : NULL;
}

/* --- sync ----------------------------------------------------------------------------------------- */

/* syncfs waits for the host, which may wait for frames from here: it runs in a child. */
struct sync {
  struct sync *next;
  pid_t pid;
  uint32_t request;
};
static struct sync *syncs;

void sync_start(uint32_t request) {
  struct sync *sync = allocate(sizeof *sync);
  sync->request = request;
  sync->pid = fork();
  if (sync->pid == 0) {
    close_range(3, ~0U, 0);
    int fd = open(NINEP, O_RDONLY | O_DIRECTORY);
    _exit(fd >= 0 && syncfs(fd) == 0 ? 0 : errno);
  }
  if (sync->pid < 0) {
    free(sync);
    return send_done(request, "EAGAIN");
  }
  sync->next = syncs;
  syncs = sync;
}

bool sync_reaped(pid_t pid, int status) {
  for (struct sync **at = &syncs; *at != NULL; at = &(*at)->next) {
    struct sync *sync = *at;
    if (sync->pid != pid) continue;
    *at = sync->next;
    int error = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
    send_done(sync->request, error == 0 ? "" : error_name(error));
    free(sync);
    return true;
  }
  return false;
}
