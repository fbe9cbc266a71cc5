/*
 * Networks of containers: a namespace each, with a pair of devices per network, of which the
 * machine's end is a port of the network's bridge. The machine does not forward between bridges, so
 * networks are apart. The host decides all names and numbers.
 *
 * A namespace lives as long as it is open here, and its file is NAMESPACES/number until then.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent.h"

#define NAMESPACES "/run/semdistro/net"

struct namespace {
  struct namespace *next;
  uint32_t number;
  int fd, netlink;
  struct resolver *resolver;
};

static struct namespace *namespaces;
static int own = -1, own_netlink = -1;

static void place_of(uint32_t number, char *path, size_t size) {
  snprintf(path, size, NAMESPACES "/%u", number);
}

static void namespace_free(struct namespace *namespace) {
  if (namespace->resolver != NULL) resolver_close(namespace->resolver);
  if (namespace->netlink >= 0) close(namespace->netlink);
  if (namespace->fd >= 0) close(namespace->fd);
  free(namespace);
}

/* What is done inside the new namespace. 0 or an errno. */
static int furnish(struct namespace *namespace) {
  namespace->fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  if (namespace->fd < 0) return errno;
  namespace->netlink = netlink_open();
  if (namespace->netlink < 0) return errno;
  int error = link_up(namespace->netlink, "lo");
  if (error != 0) return error;
  namespace->resolver = resolver_open(namespace->number, "127.0.0.11");
  return namespace->resolver == NULL ? errno : 0;
}

static struct namespace *namespace_find(uint32_t number) {
  struct namespace *namespace = namespaces;
  while (namespace != NULL && namespace->number != number) namespace = namespace->next;
  return namespace;
}

/* NULL with errno. */
static struct namespace *namespace_make(uint32_t number) {
  char path[64], target[32];
  struct namespace *namespace = allocate(sizeof *namespace);
  namespace->number = number;
  namespace->fd = namespace->netlink = -1;
  int error = unshare(CLONE_NEWNET) < 0 ? errno : furnish(namespace);
  /* Everything else here happens in the machine's own, without which there is no going on. */
  if (setns(own, CLONE_NEWNET) < 0) die("setns");
  if (error == 0) {
    place_of(number, path, sizeof path);
    snprintf(target, sizeof target, "/proc/1/fd/%d", namespace->fd);
    if (symlink(target, path) < 0) error = errno;
  }
  if (error != 0) {
    namespace_free(namespace);
    errno = error;
    return NULL;
  }
  namespace->next = namespaces;
  namespaces = namespace;
  return namespace;
}

static void namespace_close(uint32_t number) {
  char path[64];
  for (struct namespace **at = &namespaces; *at != NULL; at = &(*at)->next) {
    struct namespace *namespace = *at;
    if (namespace->number != number) continue;
    *at = namespace->next;
    place_of(number, path, sizeof path);
    unlink(path);
    namespace_free(namespace);
    return;
  }
}

static int bridge_make(const struct attachment *attachment) {
  /* As Docker makes addresses of cards: of the address in the network, which nobody else has. */
  uint8_t mac[6] = {0x02, 0x42};
  memcpy(mac + 2, &attachment->gateway, 4);
  int error = bridge_add(own_netlink, attachment->bridge, mac);
  if (error == EEXIST) return 0;
  if (error != 0) return error;
  return address_add(own_netlink, attachment->bridge, attachment->gateway, attachment->prefix);
}

/* NULL, or what failed, with errno. */
static const char *attach(struct namespace *namespace, const struct attachment *attachment) {
  if ((errno = bridge_make(attachment)) != 0) return "bridge";
  if ((errno = veth_add(own_netlink, attachment, namespace->fd)) != 0) return "veth";
  int netlink = namespace->netlink;
  if ((errno = link_up(netlink, attachment->name)) != 0) return "link";
  if ((errno = address_add(netlink, attachment->name, attachment->address, attachment->prefix)) != 0)
    return "address";
  if (attachment->is_default && (errno = default_route(netlink, attachment->gateway)) != 0) return "route";
  return NULL;
}

static void answer(uint32_t request, const char *failed, int error) {
  char message[64];
  if (failed == NULL) return send_done(request, "");
  snprintf(message, sizeof message, "%s: %s", failed, error_name(error));
  send_done(request, message);
}

/* Whether it ends where the field does, or before. */
static bool is_name(const char *name) { return memchr(name, 0, DEVICE_NAME) != NULL; }

void network_join(const struct frame *frame) {
  uint32_t number;
  struct attachment attachment;
  const uint8_t *at = frame->body + sizeof number;
  size_t left = frame->length - sizeof number;
  if (frame->length < sizeof number || left % sizeof attachment != 0) return send_done(frame->id, "EPROTO");
  memcpy(&number, frame->body, sizeof number);
  struct namespace *namespace = namespace_find(number);
  if (namespace == NULL) namespace = namespace_make(number);
  const char *failed = namespace == NULL ? "namespace" : NULL;
  for (; failed == NULL && left > 0; at += sizeof attachment, left -= sizeof attachment) {
    memcpy(&attachment, at, sizeof attachment);
    errno = EPROTO;
    failed = is_name(attachment.bridge) && is_name(attachment.device) && is_name(attachment.name)
                 ? attach(namespace, &attachment)
                 : "name";
  }
  answer(frame->id, failed, errno);
}

void network_leave(const struct frame *frame) {
  struct leave_head head;
  if (frame->length < sizeof head) return send_done(frame->id, "EPROTO");
  memcpy(&head, frame->body, sizeof head);
  const char *failed = NULL, *at = (const char *)frame->body + sizeof head;
  int first = 0;
  for (size_t left = frame->length - sizeof head; left >= DEVICE_NAME; left -= DEVICE_NAME, at += DEVICE_NAME) {
    int error = is_name(at) ? link_delete(own_netlink, at) : EPROTO;
    /* What did not come to be needs no end. */
    if (error == 0 || error == ENODEV || failed != NULL) continue;
    failed = "delete";
    first = error;
  }
  struct namespace *namespace = namespace_find(head.namespace);
  if (namespace != NULL && head.gateway != 0) {
    int error = default_route(namespace->netlink, head.gateway);
    if (error != 0 && failed == NULL) {
      failed = "route";
      first = error;
    }
  }
  if (head.close) namespace_close(head.namespace);
  answer(frame->id, failed, first);
}

void networks_open(void) {
  mkdir(NAMESPACES, 0700);
  own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  own_netlink = netlink_open();
  if (own < 0 || own_netlink < 0) die("networks");
  if ((errno = link_up(own_netlink, "lo")) != 0) die("lo");
  if (resolver_open(0, "127.0.0.53") == NULL) die("127.0.0.53:53");
}
