/** One event of a stream; without `data` it only changes what it names. */
export interface StreamEvent {
  readonly type: string;
  readonly data?: string;
  readonly id?: string;
  /** Milliseconds. */
  readonly retry?: number;
}

/** Of one event. */
const LONGEST = 8 * 1024 * 1024;

/** Reads server-sent events (HTML standard, section 9.2.6). What has no end at the end is no event. */
export async function* eventLines(
  stream: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  let afterCr = false;
  let event: { type: string; data: string[]; id?: string; retry?: number } = { type: '', data: [] };

  function* line(text: string): Generator<StreamEvent> {
    if (text === '') {
      const { type, data, ...others } = event;
      event = { type: '', data: [] };
      const hasData = data.length > 0;
      if (!hasData && Object.keys(others).length === 0) return;
      yield {
        type: type === '' ? 'message' : type,
        ...others,
        ...(hasData && { data: data.join('\n') }),
      };
      return;
    }
    const colon = text.indexOf(':');
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') event.data.push(value);
    else if (field === 'event') event.type = value;
    else if (field === 'id' && !value.includes('\0')) event.id = value;
    else if (field === 'retry' && /^\d{1,9}$/.test(value)) event.retry = Number(value);
  }

  for await (const piece of stream) {
    let more = decoder.decode(piece, { stream: true });
    // The second half of a CRLF whose first ended a line already.
    if (afterCr && more.startsWith('\n')) {
      more = more.slice(1);
      afterCr = false;
    }
    if (more !== '') afterCr = more.endsWith('\r');
    rest += more;
    if (rest.length > LONGEST) throw new RangeError('an event of more than 8 MB');
    const lines = rest.split(/\r\n|\n|\r/);
    rest = lines.pop() ?? '';
    for (const text of lines) yield* line(text);
  }
}
