import type { Asking } from './asking.ts';

/**
 * A document that has no origin has no cookies and no storage, and most pages stop at the error.
 * Cookies are the workbench's, which sends them; storage lasts as long as the document.
 */
export function installStorage(asking: Asking): void {
  const cookies = new Map(
    asking.setup.cookies.split('; ').flatMap((pair) => {
      const [name = '', ...value] = pair.split('=');
      return name === '' ? [] : [[name, value.join('=')] as const];
    }),
  );
  Object.defineProperty(document, 'cookie', {
    configurable: true,
    get: () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    set(text: unknown) {
      const cookie = String(text);
      asking.tell({ kind: 'cookie', cookie });
      const [pair = '', ...attributes] = cookie.split(';');
      const [name = '', ...value] = pair.split('=');
      const isGone = attributes.some((one) => {
        const [key = '', ...rest] = one.trim().split('=');
        if (/^max-age$/i.test(key)) return Number(rest[0]) <= 0;
        return /^expires$/i.test(key) && Date.parse(rest.join('=')) <= Date.now();
      });
      if (isGone) cookies.delete(name.trim());
      else cookies.set(name.trim(), value.join('=').trim());
    },
  });
  for (const name of ['localStorage', 'sessionStorage']) {
    const storage = memoryStorage();
    Object.defineProperty(window, name, { configurable: true, get: () => storage });
  }
}

function memoryStorage(): Storage {
  const items = new Map<string, string>();
  const methods = {
    getItem: (key: unknown) => items.get(String(key)) ?? null,
    setItem(key: unknown, value: unknown) {
      items.set(String(key), String(value));
    },
    removeItem(key: unknown) {
      items.delete(String(key));
    },
    clear() {
      items.clear();
    },
    key: (at: number) => [...items.keys()][at] ?? null,
    get length() {
      return items.size;
    },
  };
  return new Proxy(methods, {
    get(target, key): unknown {
      if (typeof key === 'symbol' || key in target) return Reflect.get(target, key);
      return items.get(key);
    },
    set(_, key, value) {
      items.set(String(key), String(value));
      return true;
    },
    has: (target, key) => key in target || items.has(String(key)),
    deleteProperty: (_, key) => {
      items.delete(String(key));
      return true;
    },
    ownKeys: () => [...items.keys()],
    getOwnPropertyDescriptor(_, key) {
      const value = items.get(String(key));
      return value === undefined
        ? undefined
        : { value, writable: true, enumerable: true, configurable: true };
    },
  });
}
