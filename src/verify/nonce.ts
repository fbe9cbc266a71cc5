/**
 * A random value of this run by its name in lab.yaml (`ordem.1` of a shuffle). Throws when there is
 * none: a check must not compare with a word that is not there.
 *
 *     const greeting = drawn(nonce, 'saudacao');
 */
export function drawn(nonce: Readonly<Record<string, string>>, name: string): string {
  const value = nonce[name];
  if (value === undefined) throw new Error(`lab.yaml draws no value called ${name}`);
  return value;
}
