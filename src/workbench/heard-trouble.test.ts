import { expect, it } from 'vitest';
import { troubleHeard } from './heard-trouble.ts';

const PANTRY = 'http://localhost:8080/pantry/';
const DIGEST = `sha256:${'ab'.repeat(32)}`;

it.each([
  `Error response from daemon: ${PANTRY}blobs/sha256/ab: no answer`,
  `ERROR: failed to solve: ${PANTRY}index.json: the transfer broke off\n`,
  `${PANTRY}blobs/sha256/ab: status 503`,
])('a server that does not answer is heard of in “%s”', (said) => {
  expect(troubleHeard(said, PANTRY)).toMatchObject({ code: 'source-unreachable' });
});

it.each([
  `ERROR: failed to solve: content digest ${DIGEST}: damaged on its way: too short`,
  `Error response from daemon: layer ${DIGEST} does not hold what its table of contents says\n`,
])('something damaged is heard of in “%s”', (said) => {
  expect(troubleHeard(said, PANTRY)).toMatchObject({ code: 'blob-corrupt' });
});

it.each([
  'http://example.org/pantry: no answer',
  `${PANTRY}index.json: the server answered with status 403`,
  'COPY failed: no answer',
  `content digest ${DIGEST}: not found`,
])('what else goes wrong is not: “%s”', (said) => {
  expect(troubleHeard(said, PANTRY)).toBeUndefined();
});
