import type { Language } from '../../verify/words.ts';

/**
 * The language of whoever runs the command: what `--lang` asked for, then the environment, by the
 * variables of gettext. Anything that is not Portuguese is answered in English. Undefined when
 * `--lang` names a language there is not.
 */
export function languageFor(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Language | undefined {
  if (flag !== undefined) return languageNamed(flag);
  const locale = ['LC_ALL', 'LC_MESSAGES', 'LANG', 'LANGUAGE']
    .map((name) => env[name])
    .find(Boolean);
  return /^pt([_.@:-]|$)/i.test(locale ?? '') ? 'pt-BR' : 'en';
}

function languageNamed(name: string): Language | undefined {
  if (/^pt([_-]br)?$/i.test(name)) return 'pt-BR';
  return /^en([_-]\w+)?$/i.test(name) ? 'en' : undefined;
}
