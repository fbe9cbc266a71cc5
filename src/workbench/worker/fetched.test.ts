import { expect, it } from 'vitest';
import { fetched } from './fetched.ts';

it('is what was fetched', async () => {
  expect(await fetched(async () => 'code')).toBe('code');
});

it('says what to do when the server is silent', async () => {
  const silent = () => Promise.reject(new TypeError('Failed to fetch x.js'));
  await expect(fetched(silent)).rejects.toMatchObject({
    code: 'code-unreachable',
    message: expect.stringContaining('Failed to fetch x.js') as unknown,
    hint: expect.stringContaining('reload the page') as unknown,
  });
});
