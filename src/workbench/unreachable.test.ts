import { expect, it } from 'vitest';
import { unreachableIn } from './unreachable.ts';

const PANTRY = 'http://localhost:8080/pantry/';

it.each([
  `Error response from daemon: ${PANTRY}blobs/sha256/ab: no answer`,
  `ERROR: failed to solve: ${PANTRY}index.json: the transfer broke off\n`,
  `${PANTRY}blobs/sha256/ab: status 503`,
])('a server that does not answer is found in “%s”', (said) => {
  expect(unreachableIn(said, PANTRY)).toMatchObject({ code: 'source-unreachable' });
});

it.each([
  'http://example.org/pantry: no answer',
  `${PANTRY}index.json: the server answered with status 403`,
  'COPY failed: no answer',
])('what else goes wrong is not: “%s”', (said) => {
  expect(unreachableIn(said, PANTRY)).toBeUndefined();
});
