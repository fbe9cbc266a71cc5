import { describe, expect, it } from 'vitest';
import { type CookieJar, cookieJar } from './cookies.ts';

function jarAt(time = { now: 1_800_000_000_000 }): CookieJar & { readonly time: { now: number } } {
  return { ...cookieJar(() => time.now), time };
}

describe('a jar of cookies', () => {
  it('sends back what it was given, the longest path first', () => {
    const jar = jarAt();
    jar.store('a=1; Path=/', '/');
    jar.store('b=two words; path=/app', '/');
    jar.store('a=2', '/app/list');
    expect(jar.header('/app/list?x=1')).toBe('b=two words; a=2; a=1');
    expect(jar.header('/application')).toBe('a=1');
  });

  it('replaces a cookie of the same name and path', () => {
    const jar = jarAt();
    jar.store('a=1; Path=/', '/');
    jar.store('a=2; Path=/', '/x/y');
    expect(jar.header('/')).toBe('a=2');
  });

  it('forgets what is out of date', () => {
    const jar = jarAt();
    jar.store('short=1; Max-Age=10', '/');
    jar.store('long=1; Expires=Wed, 01 Jan 2098 00:00:00 GMT', '/');
    jar.store('past=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT', '/');
    expect(jar.header('/')).toBe('short=1; long=1');
    jar.time.now += 11_000;
    expect(jar.header('/')).toBe('long=1');
    jar.store('long=; Max-Age=0', '/');
    expect(jar.header('/')).toBe('');
  });

  it('hides HttpOnly ones from scripts, which can neither make nor change them', () => {
    const jar = jarAt();
    jar.store('session=secret; HttpOnly; SameSite=Lax; Secure', '/');
    jar.storeFromScript('theme=dark', '/');
    jar.storeFromScript('session=mine', '/');
    jar.storeFromScript('other=1; HttpOnly', '/');
    expect(jar.visible('/')).toBe('theme=dark');
    expect(jar.header('/')).toBe('session=secret; theme=dark');
  });

  it('takes none for another host, and none that is not a cookie', () => {
    const jar = jarAt();
    jar.store('a=1; Domain=example.org', '/');
    jar.store('b=1; Domain=.localhost', '/');
    jar.store('=', '/');
    jar.store(`c=${'x'.repeat(5000)}`, '/');
    jar.store('d=\u0001', '/');
    expect(jar.header('/')).toBe('b=1');
  });

  it('holds only so many', () => {
    const jar = jarAt();
    for (let i = 0; i < 1000; i++) jar.store(`c${i}=1`, '/');
    expect(jar.header('/').split('; ')).toHaveLength(180);
    expect(jar.header('/')).toContain('c999=1');
  });
});
