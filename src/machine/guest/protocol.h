/*
 * The frames that the agent, the host (src/machine/channel/protocol.ts has the same numbers) and the
 * `docker` client exchange. All numbers are little-endian, as is the only processor this runs on.
 *
 *   byte type, 3 bytes length of the payload, 4 bytes id, payload
 *
 * An id names a process or a request (chosen by the host) or a command (chosen by the agent, top bit
 * set). Between the agent and a client the id is 0: the socket itself says who it is.
 *
 * Nobody is flooded: a sender of DATA has WINDOW bytes per stream and gets more by CREDIT. The
 * exception is a command's stdin, where CREDIT n allows one read of at most n bytes, so that no more
 * is taken from a terminal than was asked for.
 */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include <stdint.h>

enum {
  SETUP = 1,   /* host: u64 ms since 1970, u8 1 = with the workspace; DONE answers */
  SPAWN = 2,   /* host: struct spawn_head, then strings; STARTED or FAILED answers */
  DATA = 3,    /* u8 stream, bytes */
  END = 4,     /* u8 stream: nothing more comes, or nothing more is wanted */
  CREDIT = 5,  /* u8 stream, u32 bytes */
  RESIZE = 6,  /* u16 columns, u16 rows */
  SIGNAL = 7,  /* u8 signal: to a process; or received by a client */
  KILL = 8,    /* host: i32 pid (negative: a group), u8 signal; DONE answers */
  SYNC = 9,    /* host; DONE answers */
  RAW = 10,    /* host, to a command: u8 on */
  EXIT = 11,   /* i32 code: of a process, or for a command */
  READY = 12,  /* agent: u32 version of this protocol */
  DONE = 13,   /* agent: text, empty when all went well */
  STARTED = 14, /* agent: u32 pid */
  FAILED = 15, /* agent: text */
  COMMAND = 16, /* client: struct command_head, then strings */
  QUERY = 17,  /* agent: struct asker, then what was asked in the DNS's format; id is the namespace */
  GONE = 18,   /* agent: the client of a command ended by itself */
  ANSWER = 19, /* host: as QUERY, to the same asker */
  JOIN = 20,   /* host: u32 namespace, made when missing, then struct attachment each; DONE answers */
  LEAVE = 21,  /* host: struct leave_head, then names of devices, DEVICE_NAME bytes each; DONE answers */
  LISTEN = 22, /* host: struct place, where; struct place, where connections go; DONE answers */
  RELEASE = 23, /* host: u32 the id of that LISTEN; DONE answers */
  CONNECT = 24, /* host: struct place; STARTED or FAILED answers. Then as of a process: DATA, END and
                   CREDIT of 0, what is sent, and 1, what comes; SIGNAL drops it; EXIT: 0 or an errno */
};

#define PROTOCOL_VERSION 2
#define WINDOW 65536
/* The receiver collects what it owes up to here before it sends CREDIT. */
#define CREDIT_STEP 16384
#define MAX_CHUNK 16384
#define MAX_FRAME 0xffffff

#define DOCKER_SOCKET "/run/semdistro/docker.sock"

struct __attribute__((packed)) frame_head {
  uint32_t type_and_length; /* type in the lowest byte */
  uint32_t id;
};

/* An end of TCP; the address in the network's order. */
struct __attribute__((packed)) place {
  uint32_t address;
  uint16_t port;
};

/* Who sent a query, as the agent must know it to answer. */
struct __attribute__((packed)) asker {
  uint32_t address;
  uint16_t port;
};

#define DEVICE_NAME 16

/* A network of bridge `bridge`, made when it is missing, with the machine as `gateway`. */
struct __attribute__((packed)) attachment {
  char bridge[DEVICE_NAME];
  char device[DEVICE_NAME]; /* the machine's end of the pair */
  char name[DEVICE_NAME];   /* the container's */
  uint32_t address, gateway; /* in the network's order */
  uint8_t prefix;
  uint8_t is_default; /* routes everything */
  uint8_t mac[6];
};

struct __attribute__((packed)) leave_head {
  uint32_t namespace;
  uint32_t gateway; /* of everything from now on, in the network's order; 0: as it is */
  uint8_t close;    /* the namespace is not needed any more */
};

#define SPAWN_TERMINAL 1
#define SPAWN_CONSOLE 2
#define SPAWN_STDIN 4

/* Followed by NUL-terminated strings: cwd, argc arguments, envc NAME=value pairs. */
struct __attribute__((packed)) spawn_head {
  uint8_t flags;
  uint8_t extra_outputs;
  uint16_t columns, rows;
  uint16_t argc;
  uint32_t envc;
};

/* Followed by NUL-terminated strings: cwd, argc arguments, envc NAME=value pairs. */
struct __attribute__((packed)) command_head {
  uint8_t terminals; /* bit n: descriptor n is a terminal */
  uint8_t has_size;
  uint16_t columns, rows;
  uint16_t argc;
  uint32_t envc;
};

#endif
