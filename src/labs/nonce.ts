import type { Manifest, NonceKind } from './schema.ts';

/** Random values by the names in lab.yaml; those of a shuffled list are `name.1`, `name.2`, … */
export type Nonce = Readonly<Record<string, string>>;

/** A whole number from 0 to `sides` - 1, each as likely. */
export type Dice = (sides: number) => number;

/** Cannot be guessed: what a token needs. */
export const fairDice: Dice = (sides) => {
  // What is left of 2 ** 32 after whole rounds would make the first sides likelier.
  const limit = 2 ** 32 - (2 ** 32 % sides);
  const drawn = new Uint32Array(1);
  for (;;) {
    crypto.getRandomValues(drawn);
    const [value = 0] = drawn;
    if (value < limit) return value % sides;
  }
};

/** The values that are drawn then: at every verification (`run`), or once by `semdistro start`. */
export function drawNonce(
  manifest: Pick<Manifest, 'nonce'>,
  per: 'run' | 'start',
  dice: Dice = fairDice,
): Nonce {
  return Object.fromEntries(
    Object.entries(manifest.nonce)
      .filter(([, one]) => one.per === per)
      .flatMap(([name, one]) => {
        const values = draw(one, dice);
        return drawsOf(name, one).map((key, i) => [key, values[i] ?? '']);
      }),
  );
}

/** The names that a value of lab.yaml goes by. */
export function drawsOf(name: string, one: NonceKind): readonly string[] {
  return one.kind === 'shuffle' ? one.of.map((_, i) => `${name}.${i + 1}`) : [name];
}

function draw(one: NonceKind, dice: Dice): readonly string[] {
  switch (one.kind) {
    case 'word':
      return [`${WORDS[dice(WORDS.length)] ?? ''}-${hex(4, dice)}`];
    case 'port':
      return [`${20_000 + dice(10_000)}`];
    case 'token':
      return [hex(32, dice)];
    case 'shuffle':
      return shuffled(one.of, dice);
  }
}

function hex(digits: number, dice: Dice): string {
  return Array.from({ length: digits }, () => dice(16).toString(16)).join('');
}

function shuffled(values: readonly string[], dice: Dice): readonly string[] {
  const left = [...values];
  return values.flatMap(() => left.splice(dice(left.length), 1));
}

/** What grows in Brazil, without accents: they go into files, URLs and environments. */
const WORDS = [
  ...['abacate', 'abacaxi', 'abiu', 'acerola', 'amora', 'araticum', 'bacuri', 'banana', 'buriti'],
  ...['cacau', 'caja', 'caju', 'camucamu', 'caqui', 'carambola', 'ciriguela', 'coco', 'cupuacu'],
  ...['goiaba', 'graviola', 'guarana', 'jabuticaba', 'jaca', 'jambo', 'jenipapo', 'laranja'],
  ...['mamao', 'manga', 'mangaba', 'maracuja', 'pequi', 'pitanga', 'pupunha', 'tucuma', 'umbu'],
] as const;
