import type { Verifier } from '../../../../verify/check.ts';
import { verbatim } from '../../../../verify/words.ts';

export default {
  checks: [
    {
      id: 'builds',
      title: { 'pt-BR': 'A imagem é construída', en: 'The image is built' },
      async run({ built }) {
        await built();
        return { status: 'pass' };
      },
    },
    {
      id: 'greets',
      title: { 'pt-BR': 'A saudação está na imagem', en: 'The greeting is in the image' },
      needs: ['builds'],
      async run({ built, nonce }) {
        const files = await (await built()).files();
        const content = files.get('saudacao.txt')?.entry.content;
        const bytes = await content?.read(0, 100);
        const text = new TextDecoder().decode(bytes).trim();
        if (text === nonce['saudacao']) return { status: 'pass', found: verbatim(text) };
        return {
          status: 'fail',
          expected: verbatim(nonce['saudacao'] ?? ''),
          found: text === '' ? { 'pt-BR': 'está vazio', en: 'is empty' } : verbatim(text),
        };
      },
    },
  ],
} satisfies Verifier;
