/* Requests to the kernel for links, addresses and routes, each answered before the next. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent.h"

/* A request while it is put together. */
struct request {
  struct nlmsghdr head;
  char room[512];
};

static void request_begin(struct request *request, uint16_t type, uint16_t flags) {
  memset(request, 0, sizeof *request);
  request->head.nlmsg_len = NLMSG_LENGTH(0);
  request->head.nlmsg_type = type;
  request->head.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
}

/* Adds zeroed room, of whole words; what is asked for here always fits. */
static void *extend(struct request *request, size_t length) {
  void *at = (char *)request + request->head.nlmsg_len;
  request->head.nlmsg_len += NLMSG_ALIGN((uint32_t)length);
  return at;
}

static struct rtattr *attribute(struct request *request, uint16_t type, const void *bytes, size_t length) {
  struct rtattr *made = extend(request, RTA_LENGTH(length));
  made->rta_type = type;
  made->rta_len = (uint16_t)RTA_LENGTH(length);
  if (length > 0) memcpy(RTA_DATA(made), bytes, length);
  return made;
}

static void number(struct request *request, uint16_t type, uint32_t value) {
  attribute(request, type, &value, sizeof value);
}

static void text(struct request *request, uint16_t type, const char *value) {
  attribute(request, type, value, strlen(value) + 1);
}

/* Whatever was added since belongs to it. */
static void nest_end(struct request *request, struct rtattr *nest) {
  nest->rta_len = (uint16_t)((char *)request + request->head.nlmsg_len - (char *)nest);
}

static int ask(int netlink, struct request *request) {
  struct {
    struct nlmsghdr head;
    struct nlmsgerr result;
    char rest[512];
  } answer;
  if (send(netlink, request, request->head.nlmsg_len, 0) < 0) return errno;
  ssize_t length = recv(netlink, &answer, sizeof answer, 0);
  if (length < 0) return errno;
  if ((size_t)length < sizeof answer.head + sizeof answer.result.error ||
      answer.head.nlmsg_type != NLMSG_ERROR)
    return EPROTO;
  return -answer.result.error;
}

int netlink_open(void) {
  return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
}

/* The link's number in the socket's namespace; 0 when it is not there. */
static unsigned link_index(int netlink, const char *name) {
  struct ifreq query;
  memset(&query, 0, sizeof query);
  strncpy(query.ifr_name, name, sizeof query.ifr_name - 1);
  return ioctl(netlink, SIOCGIFINDEX, &query) < 0 ? 0 : (unsigned)query.ifr_ifindex;
}

static struct ifinfomsg *link_head(struct request *request, bool up) {
  struct ifinfomsg *head = extend(request, sizeof *head);
  if (up) head->ifi_flags = head->ifi_change = IFF_UP;
  return head;
}

int link_up(int netlink, const char *name) {
  struct request request;
  unsigned index = link_index(netlink, name);
  if (index == 0) return ENODEV;
  request_begin(&request, RTM_NEWLINK, 0);
  link_head(&request, true)->ifi_index = (int)index;
  return ask(netlink, &request);
}

int link_delete(int netlink, const char *name) {
  struct request request;
  unsigned index = link_index(netlink, name);
  if (index == 0) return ENODEV;
  request_begin(&request, RTM_DELLINK, 0);
  link_head(&request, false)->ifi_index = (int)index;
  return ask(netlink, &request);
}

/* An address of its own, which it keeps whatever its ports are: who knows it need not ask again. */
int bridge_add(int netlink, const char *name, const uint8_t mac[6]) {
  struct request request;
  request_begin(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  link_head(&request, true);
  text(&request, IFLA_IFNAME, name);
  attribute(&request, IFLA_ADDRESS, mac, 6);
  struct rtattr *info = attribute(&request, IFLA_LINKINFO, NULL, 0);
  text(&request, IFLA_INFO_KIND, "bridge");
  nest_end(&request, info);
  return ask(netlink, &request);
}

int veth_add(int netlink, const struct attachment *attachment, int there) {
  struct request request;
  unsigned bridge = link_index(netlink, attachment->bridge);
  if (bridge == 0) return ENODEV;
  request_begin(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  link_head(&request, true);
  text(&request, IFLA_IFNAME, attachment->device);
  number(&request, IFLA_MASTER, bridge);
  struct rtattr *info = attribute(&request, IFLA_LINKINFO, NULL, 0);
  text(&request, IFLA_INFO_KIND, "veth");
  struct rtattr *data = attribute(&request, IFLA_INFO_DATA, NULL, 0);
  struct rtattr *peer = attribute(&request, VETH_INFO_PEER, NULL, 0);
  link_head(&request, false);
  text(&request, IFLA_IFNAME, attachment->name);
  attribute(&request, IFLA_ADDRESS, attachment->mac, sizeof attachment->mac);
  number(&request, IFLA_NET_NS_FD, (uint32_t)there);
  nest_end(&request, peer);
  nest_end(&request, data);
  nest_end(&request, info);
  return ask(netlink, &request);
}

int address_add(int netlink, const char *name, uint32_t address, uint8_t prefix) {
  struct request request;
  unsigned index = link_index(netlink, name);
  if (index == 0) return ENODEV;
  request_begin(&request, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
  struct ifaddrmsg *head = extend(&request, sizeof *head);
  head->ifa_family = AF_INET;
  head->ifa_prefixlen = prefix;
  head->ifa_index = index;
  uint32_t hosts = prefix >= 32 ? 0 : 0xffffffffU >> prefix;
  number(&request, IFA_LOCAL, address);
  number(&request, IFA_ADDRESS, address);
  number(&request, IFA_BROADCAST, address | htonl(hosts));
  return ask(netlink, &request);
}

int default_route(int netlink, uint32_t gateway) {
  struct request request;
  request_begin(&request, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE);
  struct rtmsg *head = extend(&request, sizeof *head);
  head->rtm_family = AF_INET;
  head->rtm_table = RT_TABLE_MAIN;
  head->rtm_protocol = RTPROT_BOOT;
  head->rtm_scope = RT_SCOPE_UNIVERSE;
  head->rtm_type = RTN_UNICAST;
  number(&request, RTA_GATEWAY, gateway);
  return ask(netlink, &request);
}
