import type { EngineError } from '../errors.ts';
import { usageError } from './usage-error.ts';

/** Commands that need what is not here, or not yet. */
const ABSENT: Readonly<Record<string, string>> = {
  login: 'there is no registry to log in to',
  logout: 'there is no registry to log out of',
  push: 'there is no registry to push to; "docker save" writes an image to a file',
  search: 'there is no registry to search; "semdistro pantry list" shows what can be pulled',
  'image push': 'there is no registry to push to; "docker save" writes an image to a file',
  'manifest annotate': 'manifests can only be inspected',
  'manifest create': 'manifests can only be inspected',
  'manifest push': 'there is no registry to push to',
  'manifest rm': 'manifests can only be inspected',
  context: 'there is one engine, this one',
  plugin: 'there are no plugins',
  trust: 'there is no registry to sign images for',
  swarm: 'there is no cluster',
  node: 'there is no cluster',
  service: 'there is no cluster',
  stack: 'there is no cluster',
  secret: 'there is no cluster',
  config: 'there is no cluster',
  checkpoint: 'the machine cannot store running processes',
  update: 'give the limits to "docker run"',
  'container update': 'give the limits to "docker run"',
};

/** What to say of a command that Docker has and this engine does not; undefined for one that Docker has not either. */
export function elsewhere(words: readonly string[]): EngineError | undefined {
  const [first = '', second = ''] = words;
  const name = `${first} ${second}` in ABSENT ? `${first} ${second}` : first;
  const why = ABSENT[name];
  return why === undefined
    ? undefined
    : usageError(`docker: '${name}' is not available here: ${why}.`, 1);
}
