import { describe, expect, it } from 'vitest';
import { EngineTrouble } from '../../verify/engine.ts';
import { apiError, asTrouble, troubleFrom, troubleOf } from './trouble.ts';

describe('what an engine says', () => {
  it.each([
    ['write /var/lib/docker/x: no space left on device', 'no-space'],
    [
      'Head "https://gcr.io/v2/": dial tcp: lookup gcr.io on 10.0.0.1:53: no such host',
      'no-network',
    ],
    ['Get "https://registry-1.docker.io/v2/": net/http: TLS handshake timeout', 'no-network'],
    ['dial tcp 1.2.3.4:443: connect: network is unreachable', 'no-network'],
    ['proxyconnect tcp: dial tcp: lookup proxy: no such host', 'no-network'],
    ['toomanyrequests: You have reached your pull rate limit.', 'no-network'],
    [
      'tls: failed to verify certificate: x509: certificate signed by unknown authority',
      'no-network',
    ],
    ['process "/bin/sh -c make" did not complete successfully: exit code: 2', undefined],
    ['docker.io/library/golang:9.99: not found', undefined],
    ['failed to calculate checksum of ref x: "/nothing": not found', undefined],
  ])('%s: %s', (message, code) => {
    expect(troubleOf(message)).toBe(code);
  });

  it('is kept in both languages, with what to do', () => {
    const trouble = asTrouble('mkdir /x: no space left on device');
    expect(trouble.words['pt-BR']).toContain('mkdir /x');
    expect(trouble.words.en).toContain('mkdir /x');
    expect(trouble.advice?.['pt-BR']).toContain('docker builder prune');
    expect(asTrouble('something new')).toMatchObject({ code: 'engine-failed', advice: undefined });
  });

  it('is found in what the client library rejects with', () => {
    const error = Object.assign(new Error('(HTTP code 404) no such image - No such image: x '), {
      ...{ statusCode: 404, json: { message: 'No such image: x' } },
    });
    expect(apiError(error)).toMatchObject({ status: 404, message: 'No such image: x' });
    const plain = Object.assign(new Error('(HTTP code 500) server error - why '), {
      ...{ statusCode: 500, json: null },
    });
    expect(apiError(plain).message).toBe('why');
    expect(apiError('odd')).toMatchObject({ status: undefined, message: 'odd' });
  });

  it('that the connection broke is said so; trouble stays itself', () => {
    const broken = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    expect(troubleFrom(broken).words.en).toContain('ECONNRESET');
    const trouble = new EngineTrouble('timeout', { 'pt-BR': 'a', en: 'b' });
    expect(troubleFrom(trouble)).toBe(trouble);
  });
});
