/* What the files of the agent share. */
#ifndef AGENT_H
#define AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "protocol.h"

/* --- loop.c: waiting for descriptors ------------------------------------------------------- */

/* Something the loop waits for; embedded in what `ready` belongs to. */
struct watch {
  int fd; /* -1: closed */
  uint32_t events; /* 0: the loop does not look */
  void (*ready)(struct watch *watch);
};

#define CONTAINER(pointer, type, member) ((type *)((char *)(pointer)-offsetof(type, member)))

void watch_set(struct watch *watch, uint32_t events);
void watch_close(struct watch *watch);
/* Frees memory that an event of the current round may still point into. */
void free_later(void *memory);
/* Milliseconds; does not jump when the clock is set. */
int64_t now_ms(void);
void loop(void) __attribute__((noreturn));
/* Logs to the kernel's console and ends process 1, which the host sees as a crash. */
void die(const char *what) __attribute__((noreturn));
void logged(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* "ENOENT"; never NULL. */
const char *error_name(int error);
/* Memory is never short unless something is badly wrong: dies instead of returning NULL. */
void *allocate(size_t size);

/* --- queue.c: bytes on their way ----------------------------------------------------------- */

struct queue {
  char *bytes;
  size_t start, end, room;
};

void queue_push(struct queue *queue, const void *bytes, size_t length);
/* Writes what the descriptor takes; the count, or -1 with errno (never EAGAIN). */
ssize_t queue_write(struct queue *queue, int fd);
size_t queue_length(const struct queue *queue);
void queue_clear(struct queue *queue);

/* Gathers frames from a stream that is cut anywhere. */
struct framer {
  struct queue bytes;
};
struct frame {
  uint8_t type;
  uint32_t id;
  const uint8_t *body;
  uint32_t length;
};
/* False when there is no whole frame yet. The body is valid until the next push. */
bool framer_next(struct framer *framer, struct frame *frame);

/* --- channel.c: the host --------------------------------------------------------------------- */

void channel_open(void);
/* The body comes in two parts so that nobody has to glue them; either may be empty. */
void send_frame(uint8_t type, uint32_t id, const void *head, size_t head_length, const void *tail,
                size_t tail_length);
void send_done(uint32_t request, const char *message);
void send_number(uint8_t type, uint32_t id, uint32_t number);
void send_stream(uint8_t type, uint32_t id, uint8_t stream, const void *bytes, size_t length);
void send_credit(uint32_t id, uint8_t stream, uint32_t bytes);
/* Opens a port of the virtio console for reading and writing, raw. -1 with errno. */
int open_port(int number);

/* --- spawn.c, stream.c, console.c, exec.c: processes ------------------------------------------------------------ */

void process_spawn(const struct frame *frame);
/* A frame for a process; nothing happens when it is not there any more. */
void process_frame(const struct frame *frame);
/* A child ended; false when it is none of ours (an orphan). */
bool process_reaped(pid_t pid, int status);
/* Looks for streams whose time is up; ms until the next, -1 for none. */
int process_deadlines(void);

/* --- client.c: `docker` ------------------------------------------------------------------------ */

void clients_open(void);
void client_frame(const struct frame *frame);

/* --- network.c, netlink.c: namespaces and what connects them -------------------------------------- */

void networks_open(void);
void network_join(const struct frame *frame);
void network_leave(const struct frame *frame);

/* A socket for the requests below, in the caller's network namespace. -1 with errno. */
int netlink_open(void);
/* These return 0, or an errno. A name that is there already is EEXIST, one that is not ENODEV. */
int link_up(int netlink, const char *name);
int link_delete(int netlink, const char *name);
int bridge_add(int netlink, const char *name, const uint8_t mac[6]);
/* A pair of which one end is a port of the bridge, and up, and the other in the namespace `there`. */
int veth_add(int netlink, const struct attachment *attachment, int there);
int address_add(int netlink, const char *name, uint32_t address, uint8_t prefix);
/* Replaces the default route there may be. */
int default_route(int netlink, uint32_t gateway);

/* --- forward.c, connection.c ---------------------------------------------------------------------- */

void forward_listen(const struct frame *frame);
void forward_release(const struct frame *frame);

void connection_open(const struct frame *frame);
/* False when the frame's id is no connection's. */
bool connection_frame(const struct frame *frame);

/* --- setup.c, resolver.c ------------------------------------------------------------------------ */

/* NULL, or what went wrong (valid until the next call). */
const char *set_up(const struct frame *frame);
void sync_start(uint32_t request);
bool sync_reaped(pid_t pid, int status);
/* What answers queries to `address` (text) in the caller's network namespace. NULL with errno. */
struct resolver *resolver_open(uint32_t namespace, const char *address);
void resolver_close(struct resolver *resolver);
void resolver_answer(const struct frame *frame);

#endif
