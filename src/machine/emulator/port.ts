/** An emulated PC that runs a Linux. Made by `startEmulator`; everything else sees this. */
export interface Emulator {
  /** The four ports of the virtio console: /dev/vport*p0 … p3. */
  readonly consoles: readonly BytePort[];
  /** /dev/ttyS0 … ttyS3. ttyS0 is the kernel's log. */
  readonly serials: readonly BytePort[];
  /** The machine's memory and devices, compressible. Rejects while a 9P request is unanswered. */
  save(): Promise<Uint8Array>;
  /** Resolves once, when the emulator broke or the guest's kernel panicked; never after `destroy`. */
  readonly crashed: Promise<EmulatorCrash>;
  /** Says that something is to be done soon (an answer that the guest waits for): leaves idling. */
  wake(): void;
  /** How long the guest may sleep through its timers, in ms, while nothing happens; `activity.ts` says why. */
  setIdleSlice(milliseconds: number): void;
  destroy(): Promise<void>;
}

/** A lossless pipe of bytes. */
export interface BytePort {
  /** Queued and delivered in order as the guest takes it. */
  send(bytes: Uint8Array): void;
  /** Bytes sent that the guest has not taken yet. */
  readonly pending: number;
  /** Called with bytes that are the listener's to keep. One listener at a time; earlier bytes are not repeated. */
  onData(listener: (bytes: Uint8Array) => void): void;
}

export interface EmulatorCrash {
  /** One line: what the emulator threw or the kernel's panic message. */
  readonly reason: string;
  /** The end of the kernel's log. */
  readonly log: string;
}

/** Answers a 9P request (one whole message with its size). May answer later and out of order. */
export type NinepHandler = (request: Uint8Array, reply: (response: Uint8Array) => void) => void;

export interface EmulatorOptions {
  /** The bytes of v86.wasm, or its URL. */
  readonly wasm: Uint8Array | string;
  /** Bytes of guest memory; a snapshot restores only with the size it was made with. */
  readonly memory: number;
  readonly ninep: NinepHandler;
  readonly start:
    | {
        readonly kind: 'boot';
        readonly bios: Uint8Array;
        readonly vgaBios: Uint8Array;
        readonly kernel: Uint8Array;
        readonly initrd: Uint8Array;
        readonly commandLine: string;
      }
    /** As `save` gave it, also zstd-compressed. */
    | { readonly kind: 'restore'; readonly snapshot: Uint8Array };
}
