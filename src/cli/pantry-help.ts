/** One word after `semdistro pantry`. */
export interface PantryCommand {
  readonly name: 'build' | 'list' | 'verify' | 'load' | 'unload' | 'export' | 'steps' | 'lock';
  readonly takesImages: boolean;
  /** Long names of the options it knows. */
  readonly options: readonly string[];
  /** Everything after the first line of its help. */
  readonly help: string;
  readonly summary: string;
}

export const pantryCommands: readonly PantryCommand[] = [
  {
    name: 'build',
    takesImages: true,
    options: ['platform', 'all', 'quiet'],
    summary: 'Builds base images from Debian 13 packages; what is there already is kept',
    help: `Usage:  semdistro pantry build [OPTIONS] [IMAGE...]

Builds base images from Debian 13 packages into .cache/pantry, an OCI image layout.
Without IMAGE all of them. IMAGE is a reference (busybox:1.37), a repository
(gcr.io/distroless/static), a family (distroless) or one of it (distroless/static).
What is built already is kept; interrupted, it goes on where it was.

Options:
      --platform  linux/386 (what the page's machine runs; the default), linux/amd64, linux/arm64;
                  several with commas
      --all       All images; the same as naming none
  -q, --quiet     No progress

Examples:
  semdistro pantry build
  semdistro pantry build --platform linux/amd64 gcr.io/distroless/static python:3.13-slim
  semdistro pantry build --platform linux/386,linux/amd64 distroless
`,
  },
  {
    name: 'list',
    takesImages: false,
    options: ['json', 'no-trunc', 'all'],
    summary: 'Lists the images, what they stand in for and how they differ from it',
    help: `Usage:  semdistro pantry list [OPTIONS]

Lists the base images that are built: reference, platform, size, layers, what each stands in for
and how it differs from that. None of them is the original.

Options:
      --json      As JSON, sizes in bytes, every difference
      --no-trunc  Every difference in full
      --all       Also what is not built yet

Examples:
  semdistro pantry list
  semdistro pantry list --json | jq '.[] | select(.platform == "linux/386") | .reference'
`,
  },
  {
    name: 'verify',
    takesImages: false,
    options: ['quiet'],
    summary: 'Hashes every blob again',
    help: `Usage:  semdistro pantry verify

Hashes every blob of the pantry again, and what every layer unpacks to. The exit code is 1 when
something is damaged or missing.

Options:
  -q, --quiet     No progress

Examples:
  semdistro pantry verify
`,
  },
  {
    name: 'load',
    takesImages: true,
    options: ['as-upstream', 'engine', 'platform', 'all', 'quiet'],
    summary: 'Puts the base images into your own Docker or Podman',
    help: `Usage:  semdistro pantry load [OPTIONS] [IMAGE...]

Puts base images for your Docker's processor into it, building first those that are not built. Without
IMAGE all of them; IMAGE as in \`semdistro pantry build\`. They are named semdistro.local/…, which nothing
takes for upstream's images.

With --as-upstream they get upstream's names instead (golang:1.24-trixie), so that Dockerfiles build
where there is no internet. They stay stand-ins: every FROM and docker run on this computer that names
one gets it, until you pull that name or run \`semdistro pantry unload\`. An image that is there under such
a name and is not ours is left alone. Images with pip then get one layer more, with wheels and an
/etc/pip.conf, so that pip install finds what the workshop needs without internet.

Options:
      --as-upstream  Under upstream's names
      --engine       auto (the default), docker or podman; DOCKER_HOST and contexts are obeyed
      --platform     Another platform than the engine's own: linux/amd64, linux/arm64, linux/386
      --all          All images; the same as naming none
  -q, --quiet        No progress

Examples:
  semdistro pantry load distroless
  semdistro pantry load --as-upstream
  semdistro pantry load --as-upstream golang:1.24-trixie gcr.io/distroless/static-debian13:nonroot
`,
  },
  {
    name: 'unload',
    takesImages: true,
    options: ['engine', 'all'],
    summary: 'Takes away the names that load gave, and no others',
    help: `Usage:  semdistro pantry unload [OPTIONS] [IMAGE...]

Removes from your Docker what \`semdistro pantry load\` put there, with and without --as-upstream.
Without IMAGE all of it; IMAGE as in \`semdistro pantry build\`.

Options:
      --engine    auto (the default), docker or podman
      --all       All images; the same as naming none

Examples:
  semdistro pantry unload
  semdistro pantry unload golang
`,
  },
  {
    name: 'export',
    takesImages: true,
    options: ['platform', 'output', 'all', 'quiet'],
    summary: 'Writes archives that docker load takes, to carry on a USB stick',
    help: `Usage:  semdistro pantry export [OPTIONS] [IMAGE...] -o DIR

Writes one archive per image, with all its tags, that \`docker load\` and \`podman load\` take;
beside each a file that names the source packages. IMAGE as in \`semdistro pantry build\`.

Options:
  -o, --output    Folder for the archives; made when it is not there
      --platform  linux/amd64 (the default), linux/386, linux/arm64; several with commas
      --all       All images; the same as naming none
  -q, --quiet     No progress

Examples:
  semdistro pantry export -o /media/stick
  semdistro pantry export --platform linux/amd64 distroless python:3.13-slim -o images
  docker load -i images/distroless-static-linux-amd64.tar
`,
  },
  {
    name: 'steps',
    takesImages: true,
    options: [],
    summary: 'Builds folders in the machine and keeps what their RUNs left, for builds elsewhere',
    help: `Usage:  semdistro pantry steps FOLDER...

Builds each folder's Dockerfile in the machine, and puts what every RUN left into the pantry. A build
that comes to the very same step (same base, files and command) takes it from there, shown as CACHED
with a note; whatever is edited really runs.

Examples:
  semdistro pantry steps labs/go-static/solution labs/python-flask/solution
`,
  },
  {
    name: 'lock',
    takesImages: false,
    options: ['platform', 'quiet'],
    summary: 'Pins the packages that the mirror has now',
    help: `Usage:  semdistro pantry lock [OPTIONS]

Writes src/pantry/lock anew: version, size and SHA-256 of every package that images are made of,
as the mirror has them now. Commit the result.

Options:
      --platform  linux/amd64,linux/386,linux/arm64 when not given
  -q, --quiet     No progress

Examples:
  semdistro pantry lock
  semdistro pantry lock --platform linux/amd64
`,
  },
];

/** Help of one command, or of all. */
export function pantryHelp(command?: PantryCommand): string {
  if (command) return command.help;
  const width = Math.max(...pantryCommands.map(({ name }) => name.length));
  return `Usage:  semdistro pantry COMMAND

Base images: stand-ins for upstream's, rebuilt from Debian 13 packages.

Commands:
${pantryCommands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}

Examples:
  semdistro pantry build
  semdistro pantry list
  semdistro pantry load --as-upstream
  semdistro pantry export -o /media/stick

Every command explains itself: semdistro pantry COMMAND --help
`;
}
