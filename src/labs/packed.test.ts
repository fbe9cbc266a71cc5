import { describe, expect, it } from 'vitest';
import { withFiles } from '../verify/folder.ts';
import { makeLab } from './lab.ts';
import { packLab, unpackLab } from './packed.ts';

const YAML = `title: { pt-BR: Uma, en: One }
goal: { pt-BR: Faça., en: Do. }
difficulty: 1
minutes: 5
edit: [Dockerfile]
engine: { processes: false, images: [] }
nonce: { dono: { kind: word } }
`;

function lab(files: Readonly<Record<string, string | Uint8Array>>) {
  const all = withFiles(new Map(), { 'lab.yaml': YAML, 'start/Dockerfile': 'FROM a', ...files });
  return makeLab({ slug: 'uma', files: all, verifier: undefined });
}

describe('a packed lab', () => {
  it('is plain data, and comes back as it was', () => {
    const given = lab({ 'start/menu.txt': '\uFEFFcafé\n', 'solution/Dockerfile': 'FROM b' });
    const data: unknown = JSON.parse(JSON.stringify(packLab(given)));
    expect(data).toEqual(packLab(given));
    const { verifier, ...content } = given;
    expect(verifier.checks).toEqual([]);
    expect(unpackLab(packLab(given))).toEqual(content);
  });

  it('keeps what may be run', () => {
    const { start, ...rest } = lab({});
    const run = new Map([['run.sh', { bytes: new Uint8Array([35]), executable: true }]]);
    expect(unpackLab(packLab({ ...rest, start: run })).start).toEqual(run);
    expect(start.get('Dockerfile')?.executable).toBe(false);
  });

  it('has no file that is not text', () => {
    const bytes = lab({ 'start/logo': new Uint8Array([0xff, 0xfe]) });
    expect(() => packLab(bytes)).toThrow('labs/uma/start/logo: is no text');
  });
});
