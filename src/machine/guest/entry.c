/*
 * The first program that runs in a container: it looks the real one up as Docker's runtime does,
 * and becomes it. What crun does itself it only tells in words, on the process's own stderr when it
 * is late; this one tells the kernel's error number on a descriptor that nobody else sees.
 *
 *   /proc/self/fd/4 PROGRAM [ARGUMENT…]
 *
 * Descriptor 3: `lookup ERRNO` or `exec ERRNO` when it failed; closed by the exec when it did not.
 * Descriptor 4: this program, which has no name in the container.
 */
#define _FILE_OFFSET_BITS 64
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { REPORT = 3, SELF = 4 };

extern char **environ;

static void failed(const char *stage, int error) {
  dprintf(REPORT, "%s %d\n", stage, error);
  /* A shell's codes, for whoever only sees the end of the process. */
  _exit(error == ENOENT ? 127 : 126);
}

/* As Go's findExecutable: 0 when the file could be run. */
static int usable(const char *path) {
  struct stat found;
  if (stat(path, &found) < 0)
    return errno;
  if (S_ISDIR(found.st_mode))
    return EISDIR;
  if (faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0)
    return errno;
  /* For root that is no matter of access. */
  return found.st_mode & 0111 ? 0 : EACCES;
}

/* The path to execute, as Go's exec.LookPath finds it. */
static const char *lookup(const char *name) {
  static char path[8192];
  if (strchr(name, '/')) {
    int error = usable(name);
    if (error)
      failed("lookup", error);
    return name;
  }
  const char *list = getenv("PATH");
  for (const char *at = list; at && *name; ) {
    size_t length = strcspn(at, ":");
    const char *dir = length ? at : ".";
    int printed = snprintf(path, sizeof path, "%.*s/%s", length ? (int)length : 1, dir, name);
    if (printed > 0 && (size_t)printed < sizeof path && usable(path) == 0)
      return path;
    at = at[length] ? at + length + 1 : NULL;
  }
  failed("lookup", ENOENT);
  return NULL;
}

static void become(char **argv) {
  const char *path = lookup(argv[0]);
  fcntl(REPORT, F_SETFD, FD_CLOEXEC);
  fcntl(SELF, F_SETFD, FD_CLOEXEC);
  execve(path, argv, environ);
  failed("exec", errno);
}

int main(int argc, char **argv) {
  if (argc < 2)
    failed("lookup", ENOENT);
  become(argv + 1);
}
