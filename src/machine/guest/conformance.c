/*
 * What a file system does, asked by whoever writes lines: one operation per line, one line of answer
 * each. The tests of the 9P server (src/machine/ninep/conformance.test.ts) ask the same of 9P and of
 * tmpfs and compare. It is no part of the machine: the snapshot leaves it out.
 *
 *   conformance DIRECTORY <OPERATIONS
 *
 * An answer is a value, or the name of an errno. Files are opened into slots 0 to 31; `child` and
 * `as UID GID` before an operation do it in another process, as somebody else.
 */
#define _FILE_OFFSET_BITS 64
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { SLOTS = 32, WORDS = 16, PAGE = 4096, MOST = 1 << 20 };

static int slots[SLOTS];
static char *word[WORDS];
static int words;
static unsigned char bytes[MOST];

static const char *arg(int index) { return index < words ? word[index] : ""; }
static long long number(int index) { return strtoll(arg(index), NULL, 0); }
static int slot(int index) { return slots[number(index) & (SLOTS - 1)]; }

static void answer(long long result) {
  if (result < 0)
    puts(strerrorname_np(errno));
  else
    puts("ok");
}

/* What both file systems must agree on is never the bytes themselves but what they add up to. */
static void show(const unsigned char *from, long length) {
  uint32_t sum = 17;
  for (long i = 0; i < length; i++) sum = sum * 31 + from[i];
  printf("%ld:%08x\n", length, sum);
}

static void pattern(long length, unsigned seed) {
  for (long i = 0; i < length; i++) {
    seed = seed * 1103515245 + 12345;
    bytes[i] = seed >> 16;
  }
}

static int flags_of(const char *letters) {
  int flags = strchr(letters, 'w') ? strchr(letters, 'r') ? O_RDWR : O_WRONLY : O_RDONLY;
  for (; *letters; letters++) {
    if (*letters == 'c') flags |= O_CREAT;
    if (*letters == 'x') flags |= O_EXCL;
    if (*letters == 't') flags |= O_TRUNC;
    if (*letters == 'a') flags |= O_APPEND;
    if (*letters == 'd') flags |= O_DIRECTORY;
    if (*letters == 'n') flags |= O_NOFOLLOW;
    if (*letters == 'p') flags |= O_PATH;
    if (*letters == 'k') flags |= O_NONBLOCK;
    if (*letters == 'D') flags |= O_DIRECT;
    if (*letters == 'T') flags |= O_TMPFILE;
  }
  return flags;
}

static char type_of(mode_t mode) {
  const char *types = "?fc?d?b?-?l?s?";
  return S_ISREG(mode) ? '-' : types[(mode >> 12) & 15];
}

/* The fields that are asked for, by letter. */
static void show_stat(const struct stat *found, const char *fields) {
  for (; *fields; fields++) {
    if (*fields == 't') printf("%c ", type_of(found->st_mode));
    if (*fields == 'm') printf("%o ", (unsigned)found->st_mode & 07777);
    if (*fields == 'o') printf("%u:%u ", (unsigned)found->st_uid, (unsigned)found->st_gid);
    if (*fields == 'n') printf("links=%lu ", (unsigned long)found->st_nlink);
    /* What a directory's size means is a file system's own business. */
    if (*fields == 's' && !S_ISDIR(found->st_mode)) printf("size=%lld ", (long long)found->st_size);
    if (*fields == 'r') printf("%u,%u ", major(found->st_rdev), minor(found->st_rdev));
    if (*fields == 'M')
      printf("mtime=%lld.%09ld ", (long long)found->st_mtim.tv_sec, found->st_mtim.tv_nsec);
    if (*fields == 'A')
      printf("atime=%lld.%09ld ", (long long)found->st_atim.tv_sec, found->st_atim.tv_nsec);
    /* Whether it was changed since the year 2020, for times that nobody can foresee. */
    if (*fields == 'R') printf("%s ", found->st_mtim.tv_sec > 1577836800 ? "recent" : "old");
    if (*fields == 'C') printf("%s ", found->st_ctim.tv_sec > 1577836800 ? "recent" : "old");
    if (*fields == 'b') printf("%s ", found->st_blocks * 512 < found->st_size ? "sparse" : "full");
  }
  puts("");
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names of a directory, sorted; the count of them, or -1. */
static int names_of(const char *path, char **names, int most) {
  DIR *directory = opendir(path);
  int count = 0;
  if (!directory) return -1;
  for (struct dirent *entry; count < most && (entry = readdir(directory));)
    if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
      names[count++] = strdup(entry->d_name);
  closedir(directory);
  qsort(names, count, sizeof *names, by_name);
  return count;
}

/* Everything below a directory in one line: types, modes, sizes, contents, and which are one file. */
static void show_tree(const char *path, ino_t *known, int *count) {
  char *names[512], child[PAGE];
  int most = names_of(path, names, 512);
  for (int i = 0; i < most; i++) {
    struct stat found;
    int same = 0;
    snprintf(child, sizeof child, "%s/%s", path, names[i]);
    free(names[i]);
    if (lstat(child, &found) < 0) {
      printf("%s!%s ", child, strerrorname_np(errno));
      continue;
    }
    while (same < *count && known[same] != found.st_ino) same++;
    if (same == *count && *count < 512) known[(*count)++] = found.st_ino;
    printf("%s%c%d%o/%lu ", child, type_of(found.st_mode), same, (unsigned)found.st_mode & 07777,
           (unsigned long)found.st_nlink);
    if (S_ISREG(found.st_mode)) printf("%lld ", (long long)found.st_size);
    if (S_ISLNK(found.st_mode)) {
      ssize_t length = readlink(child, (char *)bytes, PAGE);
      printf("%.*s ", (int)length, (char *)bytes);
    }
    if (S_ISDIR(found.st_mode)) show_tree(child, known, count);
  }
}

/* Reads a directory in small pieces and removes every other entry while doing so. */
static void remove_while_reading(const char *path) {
  int directory = open(path, O_RDONLY | O_DIRECTORY), seen = 0, twice = 0, left = 0;
  static char met[4096];
  char buffer[512], *names[4096];
  memset(met, 0, sizeof met);
  for (long got; (got = getdents(directory, (struct dirent *)buffer, sizeof buffer)) > 0;)
    for (long at = 0; at < got; at += ((struct dirent *)(buffer + at))->d_reclen) {
      const char *name = ((struct dirent *)(buffer + at))->d_name;
      int which = atoi(name + 1) & 4095;
      if (*name == '.') continue;
      seen++;
      twice += met[which]++;
      if (which % 2) unlinkat(directory, name, 0);
    }
  close(directory);
  left = names_of(path, names, 4096);
  printf("seen %d, twice %d, left %d\n", seen, twice, left);
}

static struct flock lock_of(int from) {
  struct flock lock = {.l_whence = SEEK_SET, .l_start = number(from + 1), .l_len = number(from + 2)};
  lock.l_type = *arg(from) == 'w' ? F_WRLCK : *arg(from) == 'r' ? F_RDLCK : F_UNLCK;
  return lock;
}

static void times_of(int from, struct timespec times[2]) {
  for (int i = 0; i < 2; i++) {
    const char *given = arg(from + i);
    char *fraction = strchr(given, '.');
    times[i].tv_sec = strtoll(given, NULL, 10);
    times[i].tv_nsec = fraction ? atol(fraction + 1) : 0;
    if (!strcmp(given, "now")) times[i].tv_nsec = UTIME_NOW;
    if (!strcmp(given, "omit")) times[i].tv_nsec = UTIME_OMIT;
  }
}

static void bind_socket(const char *path) {
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  int server = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
  strncpy(name.sun_path, path, sizeof name.sun_path - 1);
  if (bind(server, (struct sockaddr *)&name, sizeof name) < 0 || listen(server, 1) < 0 ||
      connect(client, (struct sockaddr *)&name, sizeof name) < 0)
    answer(-1);
  else
    puts("ok");
  close(server);
  close(client);
}

static void map_write(int file, long offset, long length, unsigned seed) {
  long start = offset & ~(PAGE - 1L);
  char *map = mmap(NULL, length + offset - start, PROT_READ | PROT_WRITE, MAP_SHARED, file, start);
  if (map == MAP_FAILED) {
    answer(-1);
    return;
  }
  pattern(length, seed);
  memcpy(map + offset - start, bytes, length);
  munmap(map, length + offset - start);
  puts("ok");
}

static void map_read(int file, long offset, long length) {
  long start = offset & ~(PAGE - 1L);
  char *map = mmap(NULL, length + offset - start, PROT_READ, MAP_PRIVATE, file, start);
  if (map == MAP_FAILED) {
    answer(-1);
    return;
  }
  show((unsigned char *)map + offset - start, length);
  munmap(map, length + offset - start);
}

static void drop_caches(void) {
  int file = open("/proc/sys/vm/drop_caches", O_WRONLY);
  sync();
  if (file >= 0 && write(file, "3", 1) == 1) puts("ok");
  else puts("ok, but not dropped");
  close(file);
}

/* This program as a file of one's own, to be run. */
static void copy_self(const char *path) {
  int from = open("/proc/self/exe", O_RDONLY), to = open(path, O_CREAT | O_EXCL | O_WRONLY, 0755);
  ssize_t got = to < 0 ? -1 : 0;
  while (to >= 0 && (got = read(from, bytes, MOST)) > 0)
    if (write(to, bytes, got) != got) break;
  close(from);
  close(to);
  answer(got);
}

static void run(char *path) {
  int status = 0;
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    close(2);
    execv(path, (char *[]){path, NULL});
    _exit(100 + errno);
  }
  waitpid(child, &status, 0);
  printf("status %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

static void operate(void);

static void in_child(uid_t uid, gid_t gid) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    if (uid && (setgroups(0, NULL) < 0 || setgid(gid) < 0 || setuid(uid) < 0)) answer(-1);
    else operate();
    fflush(stdout);
    _exit(0);
  }
  waitpid(child, NULL, 0);
}

static void shift(int count) {
  words -= count;
  memmove(word, word + count, words * sizeof *word);
}

#define IS(name) (!strcmp(op, name))

static int operate_on_data(const char *op) {
  if (IS("read")) {
    ssize_t got = read(slot(1), bytes, number(2));
    if (got < 0) answer(got);
    else show(bytes, got);
  } else if (IS("pread")) {
    ssize_t got = pread(slot(1), bytes, number(3), number(2));
    if (got < 0) answer(got);
    else show(bytes, got);
  } else if (IS("write")) {
    answer(write(slot(1), arg(2), strlen(arg(2))));
  } else if (IS("pwrite")) {
    pattern(number(3), number(4));
    answer(pwrite(slot(1), bytes, number(3), number(2)));
  } else if (IS("seek")) {
    printf("%lld\n", (long long)lseek(slot(1), number(2), SEEK_SET));
  } else if (IS("truncate")) answer(truncate(arg(1), number(2)));
  else if (IS("ftruncate")) answer(ftruncate(slot(1), number(2)));
  else if (IS("mapwrite")) map_write(slot(1), number(2), number(3), number(4));
  else if (IS("mapread")) map_read(slot(1), number(2), number(3));
  else if (IS("fsync")) answer(fsync(slot(1)));
  else if (IS("fallocate")) answer(fallocate(slot(1), 0, number(2), number(3)));
  else if (IS("drop")) drop_caches();
  else if (IS("lock")) {
    struct flock lock = lock_of(2);
    answer(fcntl(slot(1), F_SETLK, &lock));
  } else if (IS("getlock")) {
    struct flock lock = lock_of(2);
    if (fcntl(slot(1), F_GETLK, &lock) < 0) answer(-1);
    else if (lock.l_type == F_UNLCK) puts("free");
    else printf("%c %lld %lld\n", lock.l_type == F_WRLCK ? 'w' : 'r', (long long)lock.l_start,
                (long long)lock.l_len);
  } else if (IS("flock"))
    answer(flock(slot(1), LOCK_NB | (*arg(2) == 'x' ? LOCK_EX : *arg(2) == 's' ? LOCK_SH : LOCK_UN)));
  else return 0;
  return 1;
}

static int operate_on_metadata(const char *op) {
  struct stat found;
  if (IS("stat") || IS("lstat") || IS("fstat")) {
    int failed = IS("fstat") ? fstat(slot(1), &found)
                 : IS("stat") ? stat(arg(1), &found) : lstat(arg(1), &found);
    if (failed) answer(-1);
    else show_stat(&found, arg(2));
  } else if (IS("same")) {
    struct stat other;
    if (lstat(arg(1), &found) < 0 || lstat(arg(2), &other) < 0) answer(-1);
    else puts(found.st_ino == other.st_ino && found.st_dev == other.st_dev ? "same" : "different");
  } else if (IS("chmod")) answer(chmod(arg(1), number(2)));
  else if (IS("fchmod")) answer(fchmod(slot(1), number(2)));
  else if (IS("chown")) answer(lchown(arg(1), number(2), number(3)));
  else if (IS("access")) answer(access(arg(1), number(2)));
  else if (IS("utime")) {
    struct timespec times[2];
    times_of(2, times);
    answer(utimensat(AT_FDCWD, arg(1), times, AT_SYMLINK_NOFOLLOW));
  } else if (IS("setxattr")) {
    int flags = *arg(4) == 'c' ? XATTR_CREATE : *arg(4) == 'r' ? XATTR_REPLACE : 0;
    answer(lsetxattr(arg(1), arg(2), arg(3), strlen(arg(3)), flags));
  } else if (IS("getxattr")) {
    ssize_t got = lgetxattr(arg(1), arg(2), bytes, MOST);
    if (got < 0) answer(got);
    else printf("%.*s\n", (int)got, (char *)bytes);
  } else if (IS("listxattr")) {
    ssize_t got = llistxattr(arg(1), (char *)bytes, MOST);
    if (got < 0) answer(got);
    else {
      for (char *at = (char *)bytes; at < (char *)bytes + got; at += strlen(at) + 1) printf("%s ", at);
      puts("");
    }
  } else if (IS("removexattr")) answer(lremovexattr(arg(1), arg(2)));
  else if (IS("statfs")) {
    struct statvfs system;
    if (statvfs(arg(1), &system) < 0) answer(-1);
    else printf("name=%lu\n", (unsigned long)system.f_namemax);
  } else return 0;
  return 1;
}

static int operate_on_names(const char *op) {
  if (IS("open")) {
    int file = open(arg(2), flags_of(arg(3)), number(4));
    slots[number(1) & (SLOTS - 1)] = file;
    answer(file);
  } else if (IS("close")) {
    answer(close(slot(1)));
    slots[number(1) & (SLOTS - 1)] = -1;
  }
  else if (IS("mkdir")) answer(mkdir(arg(1), number(2)));
  else if (IS("rmdir")) answer(rmdir(arg(1)));
  else if (IS("unlink")) answer(unlink(arg(1)));
  else if (IS("rename")) answer(rename(arg(1), arg(2)));
  else if (IS("renameflags"))
    answer(syscall(SYS_renameat2, AT_FDCWD, arg(1), AT_FDCWD, arg(2), (unsigned)number(3)));
  else if (IS("link")) answer(link(arg(1), arg(2)));
  else if (IS("symlink")) answer(symlink(arg(1), arg(2)));
  else if (IS("readlink")) {
    ssize_t got = readlink(arg(1), (char *)bytes, MOST);
    if (got < 0) answer(got);
    else printf("%.*s\n", (int)got, (char *)bytes);
  } else if (IS("mknod")) {
    mode_t type = *arg(2) == 'c' ? S_IFCHR : *arg(2) == 'b' ? S_IFBLK
                  : *arg(2) == 'p' ? S_IFIFO : *arg(2) == 's' ? S_IFSOCK : S_IFREG;
    answer(mknod(arg(1), type | number(3), makedev(number(4), number(5))));
  } else if (IS("list")) {
    char *names[4096];
    int count = names_of(arg(1), names, 4096);
    if (count < 0) answer(-1);
    else {
      for (int i = 0; i < count; i++) printf("%s ", names[i]);
      puts("");
    }
  } else if (IS("count")) {
    char *names[4096];
    printf("%d\n", names_of(arg(1), names, 4096));
  } else if (IS("tree")) {
    ino_t known[512];
    int count = 0;
    show_tree(arg(1), known, &count);
    puts("");
  } else if (IS("fill")) {
    char path[PAGE];
    for (int i = 0; i < number(2); i++) {
      snprintf(path, sizeof path, "%s/n%d", arg(1), i);
      close(open(path, O_CREAT | O_WRONLY, 0600));
    }
    puts("ok");
  } else if (IS("sweep")) remove_while_reading(arg(1));
  else if (IS("copyself")) copy_self(arg(1));
  else if (IS("run")) run(word[1]);
  else if (IS("chdir")) answer(chdir(arg(1)));
  else if (IS("umask")) {
    umask(number(1));
    puts("ok");
  } else if (IS("bind")) bind_socket(arg(1));
  else return 0;
  return 1;
}

static void operate(void) {
  const char *op = arg(0);
  if (IS("child")) {
    shift(1);
    in_child(0, 0);
  } else if (IS("as")) {
    uid_t uid = number(1);
    gid_t gid = number(2);
    shift(3);
    in_child(uid, gid);
  } else if (!operate_on_data(op) && !operate_on_metadata(op) && !operate_on_names(op))
    puts("what?");
}

int main(int count, char **args) {
  static char line[8192];
  if (count < 2 || chdir(args[1]) < 0) {
    perror(count < 2 ? "usage: conformance DIRECTORY" : args[1]);
    return 1;
  }
  umask(022);
  for (int i = 0; i < SLOTS; i++) slots[i] = -1;
  while (fgets(line, sizeof line, stdin)) {
    words = 0;
    for (char *next = strtok(line, " \n"); next && words < WORDS; next = strtok(NULL, " \n"))
      word[words++] = next;
    if (words) operate();
  }
  return 0;
}
