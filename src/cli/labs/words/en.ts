import { helpEn } from './help-en.ts';
import type { CommandWords } from './words.ts';

const plural = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

const meant = (name: string | undefined): string => (name ? ` Did you mean ${name}?` : '');

export const english: CommandWords = {
  help: helpEn,
  values: { dir: 'a folder', engine: 'an engine', only: 'a check', lang: 'a language' },
  seeHelp: (command) => `See \`semdistro ${command} --help\`.`,
  date: (date) => date.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' }),
  minutes: (minutes) => `${minutes} min`,
  seconds: (seconds) => `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`,
  yes: 'y',

  list: {
    columns: ['LESSON', 'LAB', 'TITLE', 'LEVEL', 'TIME'],
    state: { new: 'new', started: 'started', passed: 'passed' },
    count: (passed, all) => `${passed} of ${all} done.`,
    next: (slug) => `To begin: semdistro start ${slug}`,
    none: 'This installation has no labs.',
  },

  start: {
    made: (slug, shown) => `Ready: the lab ${slug} is in ${shown}`,
    resumed: (shown) => `The start that was interrupted in ${shown} is finished.`,
    files: 'Files:',
    toEdit: 'yours to edit',
    commands: 'What now:',
    cd: (shown) => `cd ${shown}`,
    then: [
      'semdistro watch     # checks whenever you save',
      'semdistro verify    # checks once',
      'semdistro hint      # a hint',
    ],
    thenPlay: ['semdistro sh        # a shell with docker'],
  },

  readme: {
    name: 'README.md',
    text: ({ slug, title, goal, lesson, minutes, edit, checks }) =>
      [
        `# ${title}`,
        '',
        goal,
        '',
        `Lab \`${slug}\`${lesson > 0 ? `, lesson ${lesson}` : ''}, about ${minutes}.`,
        '',
        '## What to edit',
        '',
        ...edit.map((name) => `- \`${name}\``),
        '',
        ...(checks.length === 0
          ? []
          : [
              '## What will be checked',
              '',
              ...checks.map((check) => `- ${check}`),
              '',
              '## Commands',
              '',
              'Run these in this folder:',
              '',
              '```sh',
              'semdistro verify      # checks your answer and says why',
              'semdistro watch       # checks again whenever you save',
              'semdistro hint        # one hint at a time',
              'semdistro solution    # a solution, once yours has passed',
              'semdistro reset       # back to the start; what is yours is kept',
              '```',
              '',
            ]),
      ].join('\n'),
  },

  verify: {
    engine: (kind, version, platform) => `engine: ${kind} ${version} (${platform})`,
    opening: 'looking for an engine',
    running: (title) => title,
    labels: {
      expected: 'expected',
      found: 'found',
      where: 'where',
      hint: 'hint',
      why: 'why',
      advice: 'repair',
    },
    hintSeen: (name) => `${name} (read it with \`semdistro hint\`)`,
    place: {
      line: (file, line) => `${file}, line ${line}`,
      layer: (layer, createdBy) => `layer ${layer}${createdBy ? ` (${createdBy})` : ''}`,
      inImage: (path) => `${path} in the image`,
    },
    counts: ({ pass, fail, skip, broken }, seconds) =>
      [
        ...(pass > 0 ? [`${pass} passed`] : []),
        ...(fail > 0 ? [`${fail} failed`] : []),
        ...(skip > 0 ? [`${skip} skipped`] : []),
        ...(broken > 0 ? [`${broken} broken`] : []),
      ].join(', ') + ` · ${seconds}`,
    passed: 'That is right. Well done!',
    passedPart: 'What you asked for passes. Run `semdistro verify` to check the rest.',
    failed: 'Not yet.',
    broken: 'This could not be checked: something is broken, and it is not your answer.',
    noChecks: 'This lab has no checks: it is a place to try things.',
    solutionIs: (slug) => `To compare with a solution of ours: semdistro solution ${slug}`,
    nextIs: (slug) => `Next: semdistro start ${slug}`,
    allPassed: 'And with this one you have done them all.',
    changed:
      'This lab has changed since you started it. `semdistro reset` brings the new files and keeps yours aside.',
    interrupted: 'Interrupted.',
    leftOut: (path, why) => `leaving out ${path}: ${why}`,
    notRemembered: (why) => `this could not be written down: ${why}`,
    statusOf: { pass: 'passed', fail: 'failed', skip: 'skipped', broken: 'broken' },
  },

  watch: {
    live: (shown) =>
      `Watching the engine and ${shown}: each step is confirmed as soon as you do it. Ctrl-C ends it.`,
    steps: ({ done, skipped, left }) =>
      [
        plural(done, 'step done', 'steps done'),
        ...(skipped > 0 ? [`${skipped} skipped`] : []),
        ...(left > 0 ? [`${left} left`] : []),
      ].join(', '),
    allSteps: 'All steps done. Well done!',
    keys: [
      ['h', 'hint'],
      ['l', 'list'],
      ['r', 'reset'],
      ['q', 'quit'],
      ['Enter', 'check again'],
    ],
    waiting: 'Waiting for you to save something.',
    started: (shown) => `Watching ${shown}. Ctrl-C to quit.`,
    changed: (files) => `Changed: ${files.join(', ')}`,
    more: (lines) => `… and ${plural(lines, 'more line', 'more lines')} (see \`semdistro verify\`)`,
    running: 'checking',
    resetQuestion: 'Put the files of the start back? Yours are kept aside. [y/N] ',
    resetDone: (backup) => `Back at the start. What was yours is in ${backup}`,
    anyKey: 'Any key goes back.',
    ended: 'Bye.',
    gone: (shown) => `The folder ${shown} is not there any more.`,
    verdictAt: (time) => `at ${time}`,
  },

  hint: {
    head: (at, of, check) => `Hint ${at} of ${of} · ${check}`,
    left: (left) =>
      left === 0
        ? 'That was the last one.'
        : `${plural(left, 'hint', 'hints')} left: semdistro hint`,
    noMore: 'You have read all the hints of this lab. Here they are again.',
    none: 'This lab has no hints.',
    passed: 'You have passed this lab already; here is the hint all the same.',
  },

  solution: {
    locked: (slug) => ({
      message: `the solution of ${slug} is shown once your answer has passed`,
      hint: `Run \`semdistro verify\`, or ask for a hint with \`semdistro hint\`. To see it anyway: semdistro solution ${slug} --spoil`,
    }),
    same: 'Your folder is the same as this solution.',
    intro: (shown) =>
      `A solution, against ${shown}: what has "-" is yours, what has "+" is its. There are other good ones.`,
    introStart: 'A solution, against the files of the start. There are other good ones.',
    binary: (path) => `The binary file ${path} is another one.`,
    none: 'This lab has no solution: it is a place to try things.',
  },

  reset: {
    question: (shown) =>
      `Put the files of the start back into ${shown}? Yours are kept in .semdistro. [y/N] `,
    needsYes: {
      message: 'there is nobody to ask: the input is not a terminal',
      hint: 'With --yes it does not ask.',
    },
    kept: 'Nothing has changed.',
    done: (backup) =>
      backup === undefined
        ? 'The folder was as at the start already.'
        : `Back at the start. What was yours is in ${backup}`,
  },

  status: {
    columns: ['LAB', 'STATE', 'RUNS', 'HINTS', 'WHEN'],
    failing: (title) => `stopped at: ${title}`,
    folder: (shown) => `folder: ${shown}`,
    none: 'You have not started any yet. `semdistro list` shows what there is.',
  },

  doctor: {
    fine: 'It is all there.',
    missing: (count) => plural(count, 'thing to repair.', 'things to repair.'),
    looking: 'looking',
  },

  trouble: {
    unknownLab: (slug, name) => ({
      message: `there is no lab "${slug}".${meant(name)}`,
      hint: '`semdistro list` shows them all.',
    }),
    noLabNamed: (command) => ({
      message: 'which lab?',
      hint: `Name it, as in \`semdistro ${command} go-static\`. \`semdistro list\` shows them all.`,
    }),
    notLabFolder: (command, shown) => ({
      message: `${shown} is not the folder of a lab`,
      hint: `Go to the folder that \`semdistro start\` made, or say which it is: \`semdistro ${command} LAB --dir FOLDER\`.`,
    }),
    otherLab: (here, asked) => ({
      message: `this folder is of the lab ${here}, not of ${asked}`,
      hint: `Go to the folder of ${asked}, or say which it is with --dir.`,
    }),
    noFolderOf: (slug) => ({
      message: `cannot find your folder of the lab ${slug}`,
      hint: `Begin with \`semdistro start ${slug}\`, or say which it is with --dir.`,
    }),
    labGone: (slug, file) => ({
      message: `this folder is of the lab ${slug}, which this installation does not have`,
      hint: `${file} says so. Update Sem Distro, or start another lab in another folder.`,
    }),
    badMarker: (file) => ({
      message: `cannot make sense of ${file}`,
      hint: '`semdistro start` writes it. Remove that file and name the lab on the command line, or start again in another folder.',
    }),
    notAFolder: (shown) => ({
      message: `${shown} is a file, not a folder`,
      hint: 'Choose another name.',
    }),
    folderMissing: (shown) => ({
      message: `there is no folder ${shown}`,
      hint: 'Look at its name again.',
    }),
    notEmpty: (shown, some) => ({
      message: `${shown} has something in it already (${some.join(', ')}), and nothing of yours is touched`,
      hint: 'Choose another folder: semdistro start LAB FOLDER',
    }),
    alreadyStarted: (slug, shown) => ({
      message: `the lab ${slug} was started in ${shown} already`,
      hint: 'Go there and go on with `semdistro verify`. To begin again: semdistro reset',
    }),
    insideLab: (slug) => ({
      message: `this is inside the folder of the lab ${slug}`,
      hint: 'Leave it with `cd ..`, or name a folder outside: semdistro start LAB FOLDER',
    }),
    unknownOption: (option, name) => `there is no option ${option}.${meant(name)}`,
    needsValue: (option, what) => `${option} must be followed by ${what}`,
    takesNoValue: (option) => `${option} takes nothing after a =`,
    tooMany: (extra) => `"${extra}" is one argument too many`,
    badLanguage: (value) => ({
      message: `there is no language "${value}"`,
      hint: 'The languages are pt-BR and en.',
    }),
    badEngine: (value, name) => ({
      message: `there is no engine "${value}".${meant(name)}`,
      hint: 'The engines are auto, docker, podman and embedded.',
    }),
    unknownCheck: (value, name, all) => ({
      message: `this lab has no check "${value}".${meant(name)}`,
      hint: all.length === 0 ? 'It has none.' : `Its checks: ${all.join(', ')}.`,
    }),
    notBoth: (one, other) => `${one} and ${other} do not go together: choose one`,
    startFirst: (slug) => ({
      message: `the lab ${slug} has values drawn for you alone, and this folder has none`,
      hint: `Make one with \`semdistro start ${slug}\` and put your answer into it.`,
    }),
    byCode: {
      'store-full': { message: 'the disk is full', hint: 'Free some space and run it again.' },
      'disk-full': { message: 'the disk is full', hint: 'Free some space and run it again.' },
      'store-permission': {
        message: 'no permission in the folder where Sem Distro keeps things',
        hint: 'Give that folder to your user, or name another one in SEMDISTRO_HOME.',
      },
      'store-path': {
        message: 'a file is in the way of the folder where Sem Distro keeps things',
        hint: 'Move the file away, or name another folder in SEMDISTRO_HOME.',
      },
      'store-locked': {
        message: 'another semdistro has held a file for too long',
        hint: 'Look for a semdistro that hangs, and end it.',
      },
      'store-io': { message: 'the disk failed', hint: 'Look at the disk; what was done is safe.' },
      'permission-denied': {
        message: 'no permission',
        hint: 'Look whose file it is, and at its mode.',
      },
      'not-found': { message: 'not found' },
      'is-a-directory': { message: 'a folder, where a file should be' },
      'not-a-directory': { message: 'a file is in the way' },
      'name-too-long': { message: 'the name is too long' },
      'too-many-links': { message: 'symbolic links go round in circles' },
      'too-many-files': {
        message: 'too many open files',
        hint: 'Raise the limit with `ulimit -n`.',
      },
      'file-io': { message: 'the file failed' },
      'machine-missing': {
        message: 'the machine that runs processes was not made yet',
        hint: 'Make it with `npm start`.',
      },
      'machine-damaged': {
        message: 'the machine that runs processes is damaged',
        hint: 'Make it again with `npm start`.',
      },
      'lab-invalid': { message: 'a lab of this installation has a defect' },
    },
  },
};
