import { readFields, textField, bytesField } from './protobuf.ts';

/** A step of a BuildKit build, as far as it is known. */
export interface Step {
  /** `[build 2/3] RUN go build …`. */
  readonly name: string;
  /** '' as long as it has not failed. */
  readonly error: string;
}

export interface Trace {
  /** Takes one `moby.buildkit.trace`, in Base64. */
  add(status: string): void;
  /** The step that failed first, and the end of what it printed. */
  failed(): { readonly step: Step; readonly log: string } | undefined;
}

/** What is kept of a step's output. */
const KEPT = 16 * 1024;

/** Follows a build by the status that BuildKit sends (moby.buildkit.v1.StatusResponse). */
export function openTrace(): Trace {
  const steps = new Map<string, Step>();
  const logs = new Map<string, Uint8Array>();
  return {
    add(status) {
      for (const { number, value } of readFields(new Uint8Array(Buffer.from(status, 'base64')))) {
        if (!(value instanceof Uint8Array)) continue;
        if (number === 1) {
          const digest = textField(value, 1);
          const error = textField(value, 7);
          const before = steps.get(digest);
          steps.set(digest, { name: textField(value, 3), error: error || (before?.error ?? '') });
        } else if (number === 3) {
          const digest = textField(value, 1);
          logs.set(digest, tail(logs.get(digest), bytesField(value, 4) ?? new Uint8Array(0)));
        }
      }
    },
    failed() {
      // What was going on beside it is said to have failed too, since it was stopped.
      const found = [...steps].find(([, { error }]) => error !== '' && !/cancell?ed/.test(error));
      if (!found) return undefined;
      const [digest, step] = found;
      return { step, log: textTail(logs.get(digest) ?? new Uint8Array(0)) };
    },
  };
}

/** The last bytes of what was there and what is added. */
export function tail(before: Uint8Array | undefined, added: Uint8Array): Uint8Array {
  const joined = Buffer.concat([before ?? new Uint8Array(0), added]);
  return joined.subarray(Math.max(0, joined.length - KEPT));
}

/** As text of at most as many characters: a letter cut in half at the beginning is dropped. */
export function textTail(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replace(/^\ufffd+/, '');
}
