import { parseAddress } from './address.ts';
import { answerTo, parseQuestion } from './dns.ts';

/** The same name again within this many ms (A, then AAAA, then with a search domain) is not news. */
const NEWS = 1000;

/** Who knows names in one network namespace, and who hears of those that nobody knows. */
export interface Names {
  resolve(name: string): readonly string[] | undefined;
  unknown(name: string): void;
}

/** Answers queries of resolvers in the guest; `now` in ms. Undefined: what was asked deserves no answer. */
export function createResolver(
  names: Names,
  now: () => number,
): (query: Uint8Array) => Uint8Array | undefined {
  let last = '';
  let when = -Infinity;

  function tell(name: string): void {
    if (name === last && now() - when < NEWS) return;
    last = name;
    when = now();
    names.unknown(name);
  }

  return (query) => {
    const question = parseQuestion(query);
    if (!question) return undefined;
    const { name } = question;
    // The name of an address is asked for out of habit, by programs that do not need it.
    const isReverse = /\.arpa$/i.test(name);
    const addresses = isReverse ? undefined : names.resolve(name);
    if (!addresses && !isReverse && name !== '') tell(name);
    return answerTo(
      question,
      addresses?.flatMap((text) => parseAddress(text) ?? []),
    );
  };
}
