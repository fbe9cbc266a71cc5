/**
 * Whether a source of COPY or ADD, after substitution, names something on the network: BuildKit
 * takes `http://…`, `https://…` and git references for remote, everything else for a path.
 */
export function remoteSource(source: string): 'http' | 'git' | undefined {
  if (/^git@[^:/]+:/.test(source) || /^(?:git|ssh):\/\//.test(source)) return 'git';
  if (/^https?:\/\/[^?#]*\.git(?:#.*)?$/.test(source)) return 'git';
  if (/^https?:\/\//.test(source)) return 'http';
  if (/^github\.com\/[^/]+\/[^/]+/.test(source)) return 'git';
  return undefined;
}
