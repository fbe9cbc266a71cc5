import { contains, parseAddress, parseSubnet } from './address.ts';
import { networkInvalid } from './create.ts';
import { hasNames } from './names.ts';
import type { EndpointRecord, NetworkRecord } from './record.ts';
import { isPredefined } from './registry.ts';

/** Whether a network can give what is asked of it; `wording` is for who asks. Errors: `network-invalid`. */
export function checkEndpoint(
  network: NetworkRecord,
  endpoint: EndpointRecord,
  wording: (problem: string) => string = (problem) => problem,
): void {
  const problems = problemsOf(network, endpoint);
  const [first] = problems;
  if (first === undefined) return;
  const text = problems.length === 1 ? first : problems.map((one) => `* ${one}`).join('\n');
  throw networkInvalid(wording(`invalid endpoint settings:\n${text}`));
}

function problemsOf(
  network: NetworkRecord,
  { address, aliases }: EndpointRecord,
): readonly string[] {
  const problems: string[] = [];
  if (aliases.length > 0 && !hasNames(network)) {
    problems.push('network-scoped alias is supported only for containers in user defined networks');
  }
  if (address === undefined) return problems;
  const number = parseAddress(address);
  if (number === undefined) problems.push(`invalid IPv4 address: ${address}`);
  if (isPredefined(network.name)) {
    problems.push('user specified IP address is supported on user defined networks only');
  }
  const subnet = network.pool?.isChosen === true ? parseSubnet(network.pool.subnet) : undefined;
  if (!subnet) {
    problems.push(
      'user specified IP address is supported only when connecting to networks with user configured subnets',
    );
  } else if (number === undefined || !contains(subnet, number)) {
    problems.push(`no configured subnet or ip-range contain the IP address ${address}`);
  }
  return problems;
}
