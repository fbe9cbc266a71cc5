import type { CommandWords } from './words.ts';

const engine = `  --engine ENGINE auto (the default), docker, podman or embedded. "auto" takes
                  the Docker or Podman that answers, else the embedded engine`;
const lang = `  --lang LANGUAGE pt-BR or en; without it, that of the environment`;
const folder = `In a folder made by \`semdistro start\`, LAB and folder are known.`;

/** `--help` of each command. */
export const helpEn: CommandWords['help'] = {
  list: `Usage:  semdistro list [--json]

The labs, in the order of the lessons, and what you have done so far.

Options:
  --json          A list for programs to read
${lang}
`,
  start: `Usage:  semdistro start LAB [FOLDER]

Makes a folder with the files of a lab. Without FOLDER it is called like the
LAB. A folder with something in it is left alone.

Options:
${lang}
`,
  verify: `Usage:  semdistro verify [LAB] [OPTIONS]

Checks your answer and says what is missing, and why.
${folder}

Options:
  --dir FOLDER    Where your answer is
${engine}
  --only CHECK    This check alone (and those it needs); can be repeated
  --json          The result as JSON (labs/verify.schema.json)
  --junit         The result as JUnit XML, for CI
${lang}

Exit code: 0 passed, 1 an answer is wrong, 2 something is broken, or the
command was misused.
`,
  watch: `Usage:  semdistro watch [LAB] [OPTIONS]

Checks again whenever you save a file. In a terminal it has these keys:
h hint, l list, r reset, q quit, Enter check again.
${folder}

Options:
  --dir FOLDER    Where your answer is
${engine}
  --only CHECK    This check alone (and those it needs); can be repeated
  --skip STEP     Skips a step, where they confirm themselves; may be repeated
  --note TEXT     Why it was skipped: a note to yourself
${lang}
`,
  hint: `Usage:  semdistro hint [LAB] [--json]

One hint at a time, those of the check that failed last first.
${folder}

Options:
  --json          The hint, those given and how many are left, for programs
${lang}
`,
  solution: `Usage:  semdistro solution [LAB] [--spoil]

Shows one solution as a diff against your folder, once yours has passed. There
are other good ones: any that comes to the same state is accepted.

Options:
  --dir FOLDER    Where your answer is
  --spoil         Shows it before that, too
${lang}
`,
  reset: `Usage:  semdistro reset [LAB] [--yes]

Puts the files of the start back. Yours are saved first, in
.semdistro/backup-… of the same folder.

Options:
  --dir FOLDER    Where your answer is
  --yes           Does not ask
${lang}
`,
  status: `Usage:  semdistro status [--json]

What you have started, what has passed, and where each folder is.

Options:
  --json          For programs to read
${lang}
`,
  doctor: `Usage:  semdistro doctor [--json]

What this installation is made of, what there is on this machine to run labs
with, and how to repair what is missing. The exit code is 1 when something is.

Options:
  --json          For programs to read
${lang}
`,
};
