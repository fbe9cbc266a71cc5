/** A line of progress is short; a hostile engine's might not be. */
const MAX_LINE = 16 * 1024 * 1024;

/** The JSON documents of an answer that comes bit by bit, one per line. Throws plainly when one is not JSON. */
export async function* jsonLines(answer: NodeJS.ReadableStream): AsyncGenerator {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of answer) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    if (rest.length > MAX_LINE) throw new Error('a line of progress without end');
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line);
  }
  if (rest.trim() !== '') yield JSON.parse(rest);
}
