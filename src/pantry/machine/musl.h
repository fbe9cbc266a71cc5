/* What the guest's programs use of glibc and musl has not; included before every file by compile.sh. */
#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

int close_range(unsigned first, unsigned last, int flags);
int execveat(int dir, const char *path, char *const argv[], char *const env[], int flags);
/* "ENOENT"; null for an error without a name. */
const char *strerrorname_np(int error);
