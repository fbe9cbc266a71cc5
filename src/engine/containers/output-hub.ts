/** Takes a stream's bytes; what it returns is awaited before the process gets to write more. */
export interface OutputListener {
  stdout(bytes: Uint8Array): void | Promise<void>;
  stderr(bytes: Uint8Array): void | Promise<void>;
}

/** One process's output for any number of listeners. With none, it is thrown away. */
export interface OutputHub extends OutputListener {
  /** From now on; what it returns ends that. */
  listen(listener: OutputListener): () => void;
}

export function outputHub(): OutputHub {
  const listeners = new Set<OutputListener>();
  const tell = async (stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void> => {
    await Promise.all([...listeners].map(async (listener) => listener[stream](bytes)));
  };
  return {
    stdout: (bytes) => tell('stdout', bytes),
    stderr: (bytes) => tell('stderr', bytes),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
