#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of gcc's library, which musl was compiled for; tcc's has only the two halves. */
unsigned long long __udivmoddi4(unsigned long long of, unsigned long long by,
				unsigned long long *remainder)
{
	if (remainder)
		*remainder = of % by;
	return of / by;
}

int close_range(unsigned first, unsigned last, int flags)
{
	return syscall(SYS_close_range, first, last, flags);
}

int execveat(int dir, const char *path, char *const argv[], char *const env[], int flags)
{
	return syscall(SYS_execveat, dir, path, argv, env, flags);
}

const char *strerrorname_np(int error)
{
	switch (error) {
#define NAME(error) case error: return #error;
		NAME(E2BIG) NAME(EACCES) NAME(EADDRINUSE) NAME(EADDRNOTAVAIL) NAME(EAFNOSUPPORT) NAME(EAGAIN)
		NAME(EALREADY) NAME(EBADF) NAME(EBUSY) NAME(ECHILD) NAME(ECONNABORTED) NAME(ECONNREFUSED)
		NAME(ECONNRESET) NAME(EDEADLK) NAME(EDOM) NAME(EEXIST) NAME(EFAULT) NAME(EFBIG)
		NAME(EHOSTUNREACH) NAME(EINPROGRESS) NAME(EINTR) NAME(EINVAL) NAME(EIO) NAME(EISCONN)
		NAME(EISDIR) NAME(ELIBBAD) NAME(ELOOP) NAME(EMFILE) NAME(EMLINK) NAME(EMSGSIZE)
		NAME(ENAMETOOLONG) NAME(ENETUNREACH) NAME(ENFILE) NAME(ENOBUFS) NAME(ENODATA) NAME(ENODEV)
		NAME(ENOENT) NAME(ENOEXEC) NAME(ENOLCK) NAME(ENOMEM) NAME(ENOPROTOOPT) NAME(ENOSPC)
		NAME(ENOSYS) NAME(ENOTBLK) NAME(ENOTCONN) NAME(ENOTDIR) NAME(ENOTEMPTY) NAME(ENOTSOCK)
		NAME(ENOTTY) NAME(ENXIO) NAME(EOPNOTSUPP) NAME(EOVERFLOW) NAME(EPERM) NAME(EPIPE)
		NAME(EPROTO) NAME(EPROTONOSUPPORT) NAME(ERANGE) NAME(EREMOTEIO) NAME(EROFS) NAME(ESPIPE)
		NAME(ESRCH) NAME(ESTALE) NAME(ETIMEDOUT) NAME(ETXTBSY) NAME(EUSERS) NAME(EXDEV)
	}
	return 0;
}
