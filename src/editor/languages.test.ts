import { describe, expect, it } from 'vitest';
import { dockerfileLanguage } from './dockerfile-language.ts';
import { languageName, languageOf } from './languages.ts';

describe('languages of files', () => {
  it.each([
    ['Dockerfile', 'dockerfile'],
    ['app/main.py', 'py'],
    ['start.SH', 'sh'],
    ['docker-compose.yml', 'yaml'],
    ['package.json', 'json'],
    ['index.html', 'html'],
    ['main.go', 'go'],
    ['a.py/readme', undefined],
    ['requirements.txt', undefined],
    ['x.constructor', undefined],
    ['.dockerignore', undefined],
  ])('%s: %s', (path, name) => {
    expect(languageName(path)).toBe(name);
  });

  it('has a Dockerfile’s at once, and fetches others once', async () => {
    expect(languageOf('Dockerfile')).toBe(dockerfileLanguage);
    expect(languageOf('a.py')).toBe(languageOf('b.py'));
    expect((await languageOf('a.py'))?.name).toBe('python');
    expect(languageOf('a.txt')).toBeUndefined();
  });
});
