#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"

size_t queue_length(const struct queue *queue) { return queue->end - queue->start; }

void queue_push(struct queue *queue, const void *bytes, size_t length) {
  if (queue->end + length > queue->room) {
    size_t held = queue_length(queue);
    if (held + length > queue->room / 2) {
      size_t room = (held + length) * 2;
      char *grown = allocate(room);
      if (held > 0) memcpy(grown, queue->bytes + queue->start, held);
      free(queue->bytes);
      queue->bytes = grown;
      queue->room = room;
    } else {
      memmove(queue->bytes, queue->bytes + queue->start, held);
    }
    queue->start = 0;
    queue->end = held;
  }
  if (length > 0) memcpy(queue->bytes + queue->end, bytes, length);
  queue->end += length;
}

ssize_t queue_write(struct queue *queue, int fd) {
  ssize_t total = 0;
  while (queue_length(queue) > 0) {
    ssize_t written = write(fd, queue->bytes + queue->start, queue_length(queue));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) return total;
    if (written < 0) return -1;
    queue->start += (size_t)written;
    total += written;
  }
  /* Hundreds of processes should not keep what they once needed. */
  queue_clear(queue);
  return total;
}

void queue_clear(struct queue *queue) {
  free(queue->bytes);
  *queue = (struct queue){0};
}

bool framer_next(struct framer *framer, struct frame *frame) {
  struct queue *bytes = &framer->bytes;
  struct frame_head head;
  if (queue_length(bytes) < sizeof head) return false;
  memcpy(&head, bytes->bytes + bytes->start, sizeof head);
  uint32_t length = head.type_and_length >> 8;
  if (queue_length(bytes) < sizeof head + length) return false;
  frame->type = (uint8_t)head.type_and_length;
  frame->id = head.id;
  frame->body = (const uint8_t *)bytes->bytes + bytes->start + sizeof head;
  frame->length = length;
  bytes->start += sizeof head + length;
  return true;
}
