import { COMMANDS, type Group, GROUPS } from './commands.ts';
import { commandLines, type ListedCommand } from './help.ts';

const COMMON = ['run', 'exec', 'ps', 'build', 'pull', 'images', 'version', 'info'];

/** What `docker` alone prints. */
export function rootHelp(): string {
  const single = COMMANDS.filter(({ name }) => !name.includes(' ')).map(listed);
  const common = COMMON.flatMap((name) => single.filter((command) => command.name === name));
  const others = single.filter(({ name }) => !COMMON.includes(name)).toSorted(byName);
  return `
Usage:  docker [OPTIONS] COMMAND

A self-sufficient runtime for containers

Common Commands:
${commandLines(common)}

Management Commands:
${commandLines(GROUPS)}

Commands:
${commandLines(others)}

Global Options:
  -v, --version   Print version information and quit

Examples:
  docker pull gcr.io/distroless/static
  docker build -t app .
  docker run --rm -it app
  docker history app

Run 'docker COMMAND --help' for more information on a command.
`;
}

/** What `docker image` prints. */
export function groupHelp(group: Group): string {
  const prefix = `${group.name} `;
  const members = COMMANDS.flatMap((command) => {
    const path = [command.name, ...(command.aliases ?? [])].find((name) => name.startsWith(prefix));
    return path === undefined ? [] : [{ ...listed(command), name: path.slice(prefix.length) }];
  });
  return `
Usage:  docker ${group.name} COMMAND

${group.summary}

Commands:
${commandLines(members.toSorted(byName))}

Run 'docker ${group.name} COMMAND --help' for more information on a command.
`;
}

function listed({ name, summary }: ListedCommand): ListedCommand {
  return { name, summary };
}

function byName(a: ListedCommand, b: ListedCommand): number {
  return a.name < b.name ? -1 : 1;
}
