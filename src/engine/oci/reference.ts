import { EngineError } from '../errors.ts';
import { type Digest, parseDigest } from './digest.ts';

/** A normalised image reference, as the `distribution/reference` grammar defines it. */
export interface ImageRef {
  /** `docker.io`, `gcr.io`, `localhost:5000`. */
  readonly domain: string;
  /** `library/busybox`, `distroless/static`. */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const PATH = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const LABEL = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?$`);
const TAG = /^[\w][\w.-]{0,127}$/;

/** Parses what a user may type: `busybox`, `gcr.io/distroless/static:nonroot`, `x@sha256:…`. No tag is added. */
export function parseReference(text: string): ImageRef {
  const fail = (why: string): EngineError =>
    new EngineError('reference-invalid', why, {
      hint: 'A reference looks like "name", "name:tag" or "registry/name@sha256:…".',
    });
  if (text === '') throw fail('invalid reference format');
  if (/^[0-9a-f]{64}$/.test(text)) {
    throw fail(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  }
  let rest = text;
  let digest: Digest | undefined;
  const at = rest.indexOf('@');
  if (at >= 0) {
    try {
      digest = parseDigest(rest.slice(at + 1));
    } catch {
      throw fail('invalid reference format');
    }
    rest = rest.slice(0, at);
  }
  // As distribution does: before it looks for a tag, and of the part before any colon.
  const named = splitDomain(rest).path.split(':', 1)[0] ?? '';
  if (named !== named.toLowerCase()) {
    throw fail(`invalid reference format: repository name (${named}) must be lowercase`);
  }
  let tag: string | undefined;
  const colon = rest.lastIndexOf(':');
  if (colon > rest.lastIndexOf('/')) {
    tag = rest.slice(colon + 1);
    if (!TAG.test(tag)) throw fail('invalid reference format');
    rest = rest.slice(0, colon);
  }
  const { domain, path } = splitDomain(rest);
  if (!DOMAIN.test(domain) || !PATH.test(path)) throw fail('invalid reference format');
  if (domain.length + 1 + path.length > 255) {
    throw fail('repository name must not be more than 255 characters');
  }
  return { domain, path, ...(tag !== undefined && { tag }), ...(digest && { digest }) };
}

function splitDomain(name: string): { domain: string; path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isDomain =
    slash > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  if (!isDomain) {
    return { domain: 'docker.io', path: slash < 0 ? `library/${name}` : name };
  }
  const domain = first === 'index.docker.io' ? 'docker.io' : first;
  const path = name.slice(slash + 1);
  return {
    domain,
    path: domain === 'docker.io' && !path.includes('/') ? `library/${path}` : path,
  };
}

/** `docker.io/library/busybox`: always with domain, never with tag or digest. */
export function canonicalRepository({ domain, path }: ImageRef): string {
  return `${domain}/${path}`;
}

/** `docker.io/library/busybox:latest`: always with domain; tag `latest` added where there is neither tag nor digest. */
export function canonicalName(ref: ImageRef): string {
  return canonicalRepository(ref) + version(ref);
}

/** `busybox`, `gcr.io/distroless/static`: the repository as Docker shows it. */
export function familiarRepository(ref: ImageRef): string {
  if (ref.domain !== 'docker.io') return canonicalRepository(ref);
  return ref.path.replace(/^library\/(?=[^/]+$)/, '');
}

/** `busybox:latest`: as Docker shows a whole reference. */
export function familiarName(ref: ImageRef): string {
  return familiarRepository(ref) + version(ref);
}

function version({ tag, digest }: ImageRef): string {
  const shown = tag ?? (digest ? undefined : 'latest');
  return `${shown === undefined ? '' : `:${shown}`}${digest ? `@${digest}` : ''}`;
}
