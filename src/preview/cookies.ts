/** The cookies of one server, as a browser keeps them (RFC 6265); nothing of it leaves the memory. */
export interface CookieJar {
  /** What one `Set-Cookie` says, in an answer to this path. */
  store(setCookie: string, path: string): void;
  /** As `store`, said by a script, which may make no `HttpOnly` one. */
  storeFromScript(cookie: string, path: string): void;
  /** What a request to this path carries: `a=1; b=2`, or nothing. */
  header(path: string): string;
  /** What a script of a page at this path sees. */
  visible(path: string): string;
  clear(): void;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly httpOnly: boolean;
  /** Milliseconds since 1970; undefined as long as the jar is there. */
  readonly expires: number | undefined;
  /** For the order of those with paths of the same length. */
  readonly made: number;
}

/** As browsers have it: for one host, and for name and value together. */
const MOST = 180;
const LONGEST = 4096;
/** Hosts that a server on this machine may name. */
const HERE = /^\.?(?:localhost|127\.0\.0\.1)$/i;

/** `now` in milliseconds since 1970. */
export function cookieJar(now: () => number): CookieJar {
  const cookies = new Map<string, Cookie>();
  let made = 0;

  function add(text: string, path: string, byScript: boolean): void {
    const [pair = '', ...rest] = text.split(';');
    const equals = pair.indexOf('=');
    const name = pair.slice(0, Math.max(equals, 0)).trim();
    const value = pair.slice(equals + 1).trim();
    if (name === '' && value === '') return;
    if (name.length + value.length > LONGEST || hasControl(name + value)) return;
    const attributes = new Map(rest.map(attributeOf));
    const domain = attributes.get('domain');
    if (domain !== undefined && domain !== '' && !HERE.test(domain)) return;
    const httpOnly = attributes.has('httponly');
    const given = attributes.get('path');
    const ofPath = given?.startsWith('/') === true ? given : folderOf(path);
    const key = `${name}\0${ofPath}`;
    const before = cookies.get(key);
    if (byScript && (httpOnly || before?.httpOnly === true)) return;
    const expires = expiryOf(attributes, now());
    cookies.delete(key);
    if (expires !== undefined && expires <= now()) return;
    const order = before?.made ?? ++made;
    cookies.set(key, { name, value, path: ofPath, httpOnly, expires, made: order });
    const [oldest] = cookies.keys();
    if (cookies.size > MOST && oldest !== undefined) cookies.delete(oldest);
  }

  function text(path: string, forScript: boolean): string {
    const time = now();
    return [...cookies.values()]
      .filter(({ expires }) => expires === undefined || expires > time)
      .filter((cookie) => isUnder(path, cookie.path) && !(forScript && cookie.httpOnly))
      .sort((a, b) => b.path.length - a.path.length || a.made - b.made)
      .map(({ name, value }) => (name === '' ? value : `${name}=${value}`))
      .join('; ');
  }

  return {
    store(setCookie, path) {
      add(setCookie, pathOf(path), false);
    },
    storeFromScript(cookie, path) {
      add(cookie, pathOf(path), true);
    },
    header: (path) => text(pathOf(path), false),
    visible: (path) => text(pathOf(path), true),
    clear() {
      cookies.clear();
    },
  };
}

function attributeOf(text: string): readonly [string, string] {
  const [name = '', ...value] = text.split('=');
  return [name.trim().toLowerCase(), value.join('=').trim()];
}

function expiryOf(attributes: ReadonlyMap<string, string>, now: number): number | undefined {
  const age = attributes.get('max-age');
  if (age !== undefined && /^-?\d+$/.test(age)) return now + Number(age) * 1000;
  const date = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(date) ? undefined : date;
}

/** Without query. */
function pathOf(target: string): string {
  return target.split(/[?#]/, 1)[0] ?? '/';
}

/** Where a cookie belongs that names no path: RFC 6265, section 5.1.4. */
function folderOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end <= 0 ? '/' : path.slice(0, end);
}

function isUnder(path: string, folder: string): boolean {
  if (path === folder) return true;
  return path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

function hasControl(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  return /[\x00-\x08\x0a-\x1f\x7f]/.test(text);
}
