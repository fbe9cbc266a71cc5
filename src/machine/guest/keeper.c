/*
 * Keeps one process of a container from its start to its end: starts it through crun, which it
 * then does not need any longer, tells how that went, waits, and clears away.
 *
 *   keeper start [--cgroup DIR --state DIR --shm DIR] ENTRY PIDFILE LOG PROGRAM [ARGUMENT…]
 *     PROGRAM is crun with `run --detach` or `exec --detach`, --preserve-fds=2, --pid-file=PIDFILE
 *     and --log=LOG. ENTRY is the program of entry.c. --cgroup and --state, of a container's first
 *     process, go with it, and so does --shm, where a tmpfs of 64 MB is mounted first: others can
 *     only share what is mounted here and not in the container. Told on descriptor 3, a line each:
 *       crun CODE        crun failed; then come the lines of its log
 *       pid PID
 *       entry STAGE N    the program could not be executed, see entry.c
 *       started
 *       exit STATUS OOM  as wait(2) has it; how many processes were killed for want of memory
 *   keeper ps CGROUP       the processes of a control group, a line each
 *   keeper usage CGROUP    what it uses
 *   keeper freeze CGROUP 0|1
 *   keeper times DIR       a line per path on stdin, each ended by NUL: when its content was changed
 */
/* Times after 2038, sizes beyond 2 GB. */
#define _TIME_BITS 64
#define _FILE_OFFSET_BITS 64
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { REPORT = 3, SELF = 4 };

static int broken(const char *what) {
  fprintf(stderr, "keeper: %s: %s\n", what, strerror(errno));
  return 125;
}

static void pause_ms(long ms) {
  struct timespec time = { ms / 1000, ms % 1000 * 1000000 };
  nanosleep(&time, NULL);
}

/* A small file as text; empty when it cannot be read. */
static char *text_of(const char *dir, const char *name, char *into, size_t size) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", dir, name);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = file < 0 ? 0 : read(file, into, size - 1);
  if (file >= 0)
    close(file);
  into[length < 0 ? 0 : length] = 0;
  return into;
}

/* The number after `key ` at the start of a line; 0 when there is none. */
static long long number_of(const char *text, const char *key) {
  size_t length = strlen(key);
  for (const char *at = text; at && *at; at = strchr(at, '\n'), at = at ? at + 1 : NULL)
    if (strncmp(at, key, length) == 0 && at[length] == ' ')
      return atoll(at + length + 1);
  return 0;
}

static void remove_group(const char *dir) {
  DIR *list = opendir(dir);
  for (struct dirent *entry; list && (entry = readdir(list)); ) {
    char path[4096];
    if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
      continue;
    snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
    remove_group(path);
  }
  if (list)
    closedir(list);
  /* The kernel counts its processes out a little after the last has ended. */
  for (int tries = 0; rmdir(dir) < 0 && errno == EBUSY && tries < 200; tries++)
    pause_ms(tries < 10 ? 1 : 10);
}

/* What crun remembers of a container: a folder of plain files. */
static void remove_state(const char *dir) {
  DIR *list = opendir(dir);
  for (struct dirent *entry; list && (entry = readdir(list)); )
    unlinkat(dirfd(list), entry->d_name, 0);
  if (list)
    closedir(list);
  rmdir(dir);
}

static void remove_shm(const char *dir) {
  if (!dir)
    return;
  umount2(dir, MNT_DETACH);
  rmdir(dir);
}

static void copy_log(const char *path) {
  char buffer[4096];
  int file = open(path, O_RDONLY | O_CLOEXEC);
  for (ssize_t got; file >= 0 && (got = read(file, buffer, sizeof buffer)) > 0; )
    if (write(REPORT, buffer, got) != got)
      break;
  if (file >= 0)
    close(file);
}

static int status_of(pid_t pid) {
  int status = 0;
  for (;;) {
    pid_t ended = waitpid(-1, &status, 0);
    if (ended == pid)
      return status;
    if (ended < 0 && errno != EINTR)
      return 0xff00;
  }
}

/* Tells what the entry said, if anything; its silence is the exec's success. */
static void tell_entry(int pipe) {
  char said[64];
  size_t length = 0;
  for (ssize_t got; length < sizeof said - 1; length += got) {
    got = read(pipe, said + length, sizeof said - 1 - length);
    if (got < 0 && errno == EINTR)
      got = 0;
    else if (got <= 0)
      break;
  }
  close(pipe);
  said[length] = 0;
  said[strcspn(said, "\n")] = 0;
  if (length)
    dprintf(REPORT, "entry %s\n", said);
  else
    dprintf(REPORT, "started\n");
}

static pid_t run(char **argv, int said, int self) {
  pid_t pid = vfork();
  if (pid != 0)
    return pid;
  /* In two steps: each may be where the other belongs. */
  int write_end = fcntl(said, F_DUPFD, 16);
  int program = fcntl(self, F_DUPFD, 16);
  dup2(write_end, REPORT);
  dup2(program, SELF);
  close(write_end);
  close(program);
  execv(argv[0], argv);
  _exit(125);
}

static int start(int argc, char **argv) {
  const char *cgroup = NULL, *state = NULL, *shm = NULL;
  for (; argc > 1 && strncmp(argv[0], "--", 2) == 0; argv += 2, argc -= 2) {
    if (strcmp(argv[0], "--cgroup") == 0)
      cgroup = argv[1];
    else if (strcmp(argv[0], "--shm") == 0)
      shm = argv[1];
    else
      state = argv[1];
  }
  if (argc < 4)
    return 125;
  const char *entry = argv[0], *pidfile = argv[1], *log = argv[2];

  if (shm && (mkdir(shm, 0755) < 0 ||
              mount("shm", shm, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=1777,size=65536k") < 0))
    return broken(shm);
  /* crun ends at once; what it started becomes ours. */
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  int said[2];
  int self = open(entry, O_RDONLY | O_CLOEXEC);
  if (self < 0)
    return broken(entry);
  if (pipe2(said, O_CLOEXEC) < 0)
    return broken("pipe");
  pid_t crun = run(argv + 3, said[1], self);
  if (crun < 0)
    return broken("fork");
  close(said[1]);
  close(self);
  /* The streams are the process's alone: they end with it. */
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int stream = 0; stream < 3; stream++)
    dup2(null, stream);

  /* Other children can only be orphans of crun's, and none ends before it. */
  int status = 0;
  while (waitpid(crun, &status, 0) < 0 && errno == EINTR)
    ;
  if (status != 0) {
    dprintf(REPORT, "crun %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    copy_log(log);
    unlink(log);
    unlink(pidfile);
    remove_shm(shm);
    return 0;
  }
  char text[256];
  pid_t pid = atoi(text_of("", pidfile, text, sizeof text));
  unlink(log);
  unlink(pidfile);
  dprintf(REPORT, "pid %d\n", pid);
  tell_entry(said[0]);
  status = status_of(pid);

  long long killed = 0;
  char events[512];
  if (cgroup)
    killed = number_of(text_of(cgroup, "memory.events", events, sizeof events), "oom_kill");
  dprintf(REPORT, "exit %d %lld\n", status, killed);
  if (cgroup)
    remove_group(cgroup);
  if (state)
    remove_state(state);
  remove_shm(shm);
  return 0;
}

/* One line: PID PPID UID TICKS STARTED TTY COMMAND, times in ticks, the command with its arguments. */
static void show_process(long pid) {
  char dir[64], stat[1024], status[2048], command[4096];
  snprintf(dir, sizeof dir, "/proc/%ld", pid);
  text_of(dir, "stat", stat, sizeof stat);
  /* The name may hold anything, parentheses too. */
  char *name = strchr(stat, '('), *rest = strrchr(stat, ')');
  int parent, tty;
  unsigned long user, system;
  unsigned long long began;
  if (!name || !rest || sscanf(rest + 2, "%*c %d %*d %*d %d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %*d %*d %llu",
      &parent, &tty, &user, &system, &began) != 5)
    return;
  text_of(dir, "status", status, sizeof status);
  const char *uid = strstr(status, "\nUid:");

  char path[80];
  snprintf(path, sizeof path, "%s/cmdline", dir);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = file < 0 ? 0 : read(file, command, sizeof command - 1);
  if (file >= 0)
    close(file);
  while (length > 0 && command[length - 1] == 0)
    length--;
  for (ssize_t at = 0; at < length; at++)
    if ((unsigned char)command[at] < ' ')
      command[at] = ' ';
  *rest = 0;
  printf("%ld %d %ld %lu %llu %d ", pid, parent, uid ? atol(uid + 5) : 0L, user + system, began, tty);
  if (length > 0)
    printf("%.*s\n", (int)length, command);
  else
    printf("[%s]\n", name + 1);
}

static void show_group(const char *dir) {
  char path[4096], line[64];
  snprintf(path, sizeof path, "%s/cgroup.procs", dir);
  FILE *pids = fopen(path, "re");
  while (pids && fgets(line, sizeof line, pids))
    show_process(atol(line));
  if (pids)
    fclose(pids);
  DIR *list = opendir(dir);
  for (struct dirent *entry; list && (entry = readdir(list)); ) {
    if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
      continue;
    snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
    show_group(path);
  }
  if (list)
    closedir(list);
}

static int usage(const char *dir) {
  char text[8192];
  printf("cpu %lld\n", number_of(text_of(dir, "cpu.stat", text, sizeof text), "usage_usec") * 1000);
  /* As Docker counts: without what the kernel keeps of files that nobody has used lately. */
  long long cache = number_of(text_of(dir, "memory.stat", text, sizeof text), "inactive_file");
  long long memory = atoll(text_of(dir, "memory.current", text, sizeof text));
  printf("memory %lld\n", memory > cache ? memory - cache : 0);
  text_of(dir, "memory.max", text, sizeof text);
  long long limit = atoll(text);
  if (limit == 0)
    limit = number_of(text_of("/proc", "meminfo", text, sizeof text), "MemTotal:") * 1024;
  printf("limit %lld\n", limit);
  printf("pids %lld\n", atoll(text_of(dir, "pids.current", text, sizeof text)));
  return 0;
}

static int freeze(const char *dir, const char *wanted) {
  char path[4096], text[256];
  snprintf(path, sizeof path, "%s/cgroup.freeze", dir);
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0 || write(file, wanted, 1) != 1)
    return broken(path);
  close(file);
  for (int tries = 0; tries < 1000; tries++) {
    text_of(dir, "cgroup.events", text, sizeof text);
    if (number_of(text, "frozen") == atoll(wanted))
      return 0;
    pause_ms(2);
  }
  errno = ETIMEDOUT;
  return broken(path);
}

static int times(const char *dir) {
  char *path = NULL;
  size_t room = 0;
  int at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (at < 0)
    return broken(dir);
  while (getdelim(&path, &room, 0, stdin) > 0) {
    struct stat found;
    if (fstatat(at, path, &found, AT_SYMLINK_NOFOLLOW) < 0)
      puts("-");
    else
      printf("%lld %ld\n", (long long)found.st_mtim.tv_sec, found.st_mtim.tv_nsec);
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc > 2 && strcmp(argv[1], "start") == 0)
    return start(argc - 2, argv + 2);
  if (argc == 3 && strcmp(argv[1], "ps") == 0) {
    char text[8192];
    printf("boot %lld %ld\n", number_of(text_of("/proc", "stat", text, sizeof text), "btime"),
      sysconf(_SC_CLK_TCK));
    show_group(argv[2]);
    return 0;
  }
  if (argc == 3 && strcmp(argv[1], "usage") == 0)
    return usage(argv[2]);
  if (argc == 4 && strcmp(argv[1], "freeze") == 0)
    return freeze(argv[2], argv[3]);
  if (argc == 3 && strcmp(argv[1], "times") == 0)
    return times(argv[2]);
  fputs("keeper: see keeper.c\n", stderr);
  return 125;
}
