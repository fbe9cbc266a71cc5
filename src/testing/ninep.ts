import type { NinepHandler } from '../machine/emulator/port.ts';
import { Reader, Writer } from '../machine/ninep/codec.ts';
import { NO_FID, NO_TAG, RLERROR, T, VERSION } from '../machine/ninep/messages.ts';

/** An answer: its fields, or the errno of an Rlerror. */
export type Answer = { readonly fields: Reader } | { readonly errno: number };

/** A 9P client that sends what it is told and keeps the numbers: for tests of servers. */
export interface NinepClient {
  /** The answer, if it came before the handler returned. `room` is what the fields take at most. */
  now(type: number, fields?: (message: Writer) => Writer, room?: number): Answer | undefined;
  call(type: number, fields?: (message: Writer) => Writer): Promise<Answer>;
  /** Like `call`, by a tag of one's own. */
  send(tag: number, type: number, fields?: (message: Writer) => Writer): Promise<Answer>;
  /** The fields; throws with the errno in its message when it failed. */
  ok(type: number, fields?: (message: Writer) => Writer): Promise<Reader>;
  /** The errno; 0 when it did not fail. */
  errno(type: number, fields?: (message: Writer) => Writer): Promise<number>;
  /** A new fid for what lies at `path` from another. */
  walk(path: string, from?: number): Promise<number>;
  /** Replies so far, the handler's own order. */
  readonly replies: readonly Uint8Array[];
}

/** Said Tversion and attached: fid 0 is the root, of user `uid`. */
export async function ninepClient(handler: NinepHandler, uid = 0): Promise<NinepClient> {
  const replies: Uint8Array[] = [];
  let lastFid = 0;
  let lastTag = 0;

  function start(
    tag: number,
    type: number,
    fields: (message: Writer) => Writer,
    done: (answer: Answer) => void,
    room = type === T.write ? 520_000 : 66_000,
  ): void {
    const request = fields(new Writer(type, tag, room)).finish();
    handler(request, (response) => {
      replies.push(response);
      const message = new Reader(response);
      if (response[4] === RLERROR) done({ errno: message.u32() });
      else if (response[4] === type + 1) done({ fields: message });
      else throw new Error(`request ${type} was answered by ${response[4] ?? '?'}`);
    });
  }

  const nothing = (message: Writer): Writer => message;
  const client: NinepClient = {
    replies,
    now(type, fields = nothing, room) {
      let answer: Answer | undefined;
      const keep = (given: Answer): void => {
        answer = given;
      };
      start((lastTag = (lastTag + 1) % 60_000), type, fields, keep, room);
      return answer;
    },
    send: (tag, type, fields = nothing) =>
      new Promise((resolve) => {
        start(tag, type, fields, resolve);
      }),
    call: (type, fields) => client.send((lastTag = (lastTag + 1) % 60_000), type, fields),
    async ok(type, fields) {
      const answer = await client.call(type, fields);
      if ('errno' in answer) throw new Error(`request ${type} failed with errno ${answer.errno}`);
      return answer.fields;
    },
    async errno(type, fields) {
      const answer = await client.call(type, fields);
      return 'errno' in answer ? answer.errno : 0;
    },
    async walk(path, from = 0) {
      const fid = (lastFid += 1);
      const names = path.split('/').filter((name) => name !== '');
      const answer = await client.ok(T.walk, (message) => {
        message.u32(from).u32(fid).u16(names.length);
        for (const name of names) message.string(name);
        return message;
      });
      const count = answer.u16();
      if (count < names.length)
        throw new Error(`${path}: ${count} of ${names.length} names walked`);
      return fid;
    },
  };
  await client.send(NO_TAG, T.version, (message) => message.u32(512_000).string(VERSION));
  await client.ok(T.attach, (m) => m.u32(0).u32(NO_FID).string('').string('').u32(uid));
  return client;
}
