import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../engine/errors.ts';
import { findLabs, labSlugs, LABS, loadLab } from './find.ts';
import { schemaText } from './write-schema.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'labs', 'testdata', 'labs');

describe('labs', () => {
  it('are found by their lab.yaml, in the order of the lessons, playgrounds last', async () => {
    expect(await labSlugs(EXAMPLES)).toEqual(['exemplo', 'parque']);
    const found = await findLabs(EXAMPLES);
    expect(found.map(({ slug, manifest }) => [slug, manifest.lesson])).toEqual([
      ['exemplo', 4],
      ['parque', undefined],
    ]);
  });

  it('are loaded with their checks', async () => {
    const lab = await loadLab('exemplo', EXAMPLES);
    expect(lab.verifier.checks.map(({ id }) => id)).toEqual(['builds', 'greets']);
    expect([...lab.start.keys()]).toEqual(['Dockerfile', 'dono.txt']);
    expect([...lab.wrong.keys()].sort()).toEqual(['fixo', 'sem-arquivo', 'vazio']);
    expect((await loadLab('parque', EXAMPLES)).verifier.checks).toEqual([]);
  });

  it('that are not there are refused, with the name that was meant', async () => {
    const refused = loadLab('exmplo', EXAMPLES);
    await expect(refused).rejects.toThrow('there is no lab exmplo (did you mean exemplo?)');
    await expect(refused).rejects.toBeInstanceOf(EngineError);
    await expect(loadLab('..', EXAMPLES)).rejects.toThrow('there is no lab ..');
  });
});

describe('labs/lab.schema.json', () => {
  it('is what the schema says now (`npm run labs:schema` writes it)', async () => {
    expect(await readFile(join(LABS, 'lab.schema.json'), 'utf8')).toBe(await schemaText());
  });

  it('describes every field', async () => {
    const bare: string[] = [];
    const look = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      for (const [key, value] of Object.entries(schema)) {
        if (key === 'properties') {
          for (const [name, field] of Object.entries(Object(value) as object)) {
            if (!('description' in Object(field))) bare.push(`${path}.${name}`);
          }
        }
        look(value, `${path}.${key}`);
      }
    };
    look(JSON.parse(await schemaText()), '');
    expect(bare).toEqual([]);
  });
});
