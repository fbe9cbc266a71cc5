import { describe, expect, it } from 'vitest';
import { linkKind } from './links.ts';

describe('links in the terminal', () => {
  it.each(['https://docs.docker.com/build/', 'http://example.com', 'https://8.8.8.8/'])(
    '%s is opened',
    (uri) => {
      expect(linkKind(uri)).toBe('web');
    },
  );

  it.each([
    ...['http://localhost:8080', 'http://127.0.0.1:5000/', 'http://0.0.0.0', 'http://[::1]:80/'],
    ...['http://172.17.0.2', 'http://10.0.0.1', 'http://192.168.1.1', 'http://redis:6379'],
    ...['http://host.docker.internal', 'http://[fd00::1]/', 'http://web.localhost'],
  ])('%s is inside the machine', (uri) => {
    expect(linkKind(uri)).toBe('inside');
  });

  it.each([
    ...['javascript:alert(1)', 'file:///etc/passwd', 'data:text/html,x', 'ftp://example.com'],
    ...['vscode://x', 'JaVaScRiPt:x', 'nonsense', ''],
  ])('%s is refused', (uri) => {
    expect(linkKind(uri)).toBe('refused');
  });

  it('tells private addresses from their neighbours', () => {
    expect(linkKind('http://172.32.0.1')).toBe('web');
    expect(linkKind('http://172.15.0.1')).toBe('web');
    expect(linkKind('http://11.0.0.1')).toBe('web');
  });
});
