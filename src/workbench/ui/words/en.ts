import { englishPage } from './page-words.ts';
import type { WorkbenchWords } from './words.ts';

const plural = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

export const english: WorkbenchWords = {
  name: 'Workbench',
  panels: {
    editor: 'Editor',
    terminal: 'Terminal',
    check: 'Check',
    images: 'Images',
    page: 'Page',
    solution: 'Solution',
    more: 'More',
  },
  panelList: "The workbench's panels",
  splitters: {
    columns: 'Width of the panels at the side',
    rows: "The editor's height",
  },
  cancel: 'Cancel',
  tryAgain: 'Try again',
  detail: 'Technical detail',

  start: {
    title: 'Opening the workbench',
    stages: {
      code: "The workbench's program",
      loading: 'Memory of a Linux that has already booted',
      restoring: 'Waking the machine',
      files: 'Your files',
    },
    bytes: (done, total) => (total === undefined ? done : `${done} of ${total}`),
    running: (seconds) => `Ready in ${seconds}`,
    state: {
      off: 'off',
      starting: 'opening',
      running: 'on',
      elsewhere: 'in another tab',
      impossible: 'does not work here',
      failed: 'stopped',
    },
    elsewhere: {
      message: 'The workbench is open in another tab',
      hint: 'It works in one at a time, so that no two change the same files. If you bring it here, what runs in the other one ends; files and images come along.',
      takeOver: 'Bring it to this tab',
    },
    impossible: {
      title: 'This browser cannot open the workbench',
      meanwhile:
        'You can read every lesson right here. The labs also work with the Docker or Podman of your own computer.',
    },
    missing: {
      wasm: {
        message: 'There is no WebAssembly, which the machine runs in.',
        hint: 'Use a recent Firefox, Chrome, Edge or Safari. If yours is one of these, a protection of the browser has switched WebAssembly off.',
      },
      worker: {
        message: 'There are no module workers, which the machine runs in.',
        hint: 'Update the browser.',
      },
      storage: {
        message: 'This browser does not let the page keep files.',
        hint: 'A private window often forbids it: open the page in an ordinary one.',
      },
      locks: {
        message:
          'There are no Web Locks, which keep two tabs from changing the same files. Browsers give them only to pages over https or on localhost.',
        hint: 'Open the page by its https address, or by localhost.',
      },
    },
    ownMachine: 'Do it on my own computer',
    failed: {
      title: 'The workbench stopped',
      kept: 'Your files and images are still there.',
    },
  },

  check: {
    run: 'Check',
    stop: 'Stop',
    continuous: 'Check whenever I save',
    continuousAbout: 'In the editor or in the terminal.',
    notYet: 'What will be checked:',
    none: 'This lab has no checks: it is a place to try things.',
    list: 'Checks',
    checking: (title) => `Checking: ${title}`,
    again: 'Checking…',
    patience: 'Where there is something to compile it takes minutes: this machine is emulated.',
    passed: 'That is right. Well done!',
    failed: 'Not yet.',
    broken: 'Not all could be checked: something is broken, and it is not your answer.',
    stopped: 'Stopped. What had an answer stays here.',
    crashed: 'The check did not end.',
    stale: 'You have changed files since this check.',
    counts: ({ pass, fail, skip, broken }, seconds) =>
      [
        ...(pass > 0 ? [`${pass} passed`] : []),
        ...(fail > 0 ? [`${fail} failed`] : []),
        ...(skip > 0 ? [`${skip} skipped`] : []),
        ...(broken > 0 ? [`${broken} broken`] : []),
      ].join(', ') + ` · ${seconds}`,
    status: {
      pass: 'passed',
      fail: 'failed',
      skip: 'skipped',
      broken: 'broken',
      waiting: 'to be checked',
      running: 'checking',
    },
    labels: {
      expected: 'Expected',
      found: 'Found',
      where: 'Where',
      why: 'Reason',
      advice: 'Repair',
    },
    notYours: 'This is no mistake of yours.',
    place: {
      line: (file, line) => `${file}, line ${line}`,
      layer: (layer, createdBy) => `layer ${layer}${createdBy ? ` (${createdBy})` : ''}`,
      inImage: (path) => `${path} in the image`,
    },
    openLine: 'open in the editor',
    openLayer: 'show the layer',
    noImage:
      'The image of this check was not kept. Build yours with `docker build`, and it is in Images.',
  },

  hint: {
    first: 'Give me a hint',
    another: 'Another hint',
    head: (number, of) => `Hint ${number} of ${of}`,
    last: 'That was the last hint of this check.',
  },

  solution: {
    locked: 'The solution is shown once your answer has passed.',
    lockedHint: 'Before that, every check that fails has hints.',
    anyway: 'Show it anyway',
    question: 'See the solution before passing?',
    lost: 'You lose the chance to find it yourself, which is when one learns most. Your files do not change.',
    confirm: 'Show the solution',
    show: 'Compare with the solution',
    refresh: 'Compare again',
    intro: 'A solution, against your files. There are other good ones.',
    same: (path) => `\`${path}\` is the same as yours.`,
    allSame: 'Your files are the same as those of this solution.',
    binary: (path) => `\`${path}\` is no text, and so it is not shown.`,
    loading: 'Fetching the solution…',
  },

  reset: {
    heading: 'Begin again',
    chooseFile: 'Which file',
    lostTitle: 'You lose:',
    doing: 'Beginning again…',
    lab: {
      title: 'The lab',
      about: 'All files are as at the start again, and the random values are other ones.',
      question: () => 'Begin the lab again?',
      lost: ['what you wrote into the files of this lab', 'the files that you made in it'],
      kept: 'Your images stay. What you have passed stays passed.',
      confirm: 'Begin the lab again',
      done: () => 'The lab is as at the start.',
    },
    file: {
      title: 'One file',
      about: 'It alone is as at the start again.',
      question: (path) => `Put ${path} back to the start?`,
      lost: ['what you wrote into this file'],
      kept: 'The other files stay as they are.',
      confirm: 'Put the file back',
      done: (path) => `${path} is as at the start.`,
    },
    machine: {
      title: 'The machine',
      about: 'For when something hangs: the Linux goes off and on again.',
      question: () => 'Restart the machine?',
      lost: ['what is running: terminals and containers end'],
      kept: 'Files and images stay.',
      confirm: 'Restart the machine',
      done: () => 'The machine has restarted.',
    },
    store: {
      title: 'The images',
      about: 'Frees space: images, containers and the build cache go.',
      question: () => 'Remove images, containers and cache?',
      lost: [
        'all images that you have built',
        'all containers, with what is in them',
        'the build cache: the next build does everything anew',
      ],
      kept: 'Your files stay. Base images come back by themselves when a build asks for them.',
      confirm: 'Remove all that',
      done: () => 'There are no images and containers any more.',
    },
  },

  images: {
    empty:
      'No image yet. A `docker build -t mine .` in the terminal makes the first, and it shows up here.',
    loading: 'Reading…',
    all: 'All images',
    standIn: (upstream) => `rebuilt in place of ${upstream}`,
    unnamed: 'no name',
    created: (date) => `created ${date}`,
    layer: (number) => `Layer ${number}`,
    files: 'Files',
    allFiles: 'The whole image',
    removed: 'removes what is below',
    more: (count) => plural(count, 'more entry', 'more entries'),
    emptyFolder: 'empty',
    history: 'History',
    config: 'Configuration',
    packages: (count) => `Packages (${count})`,
    noPackages: 'No packages are recorded in this image.',
    compare: 'Compare two images',
    from: 'This one',
    to: 'with this one',
    compareShow: 'Compare',
    compareNeedsTwo: 'It takes two to compare.',
    sameImage: 'It is the same image on both sides. Choose another.',
  },

  page: englishPage,

  notices: {
    title: 'Notices',
    lookup: (names) => ({
      message:
        names.length === 1
          ? `Something in the machine looked up \`${names[0] ?? ''}\`, and there is no internet in it.`
          : `The machine was asked for ${names.map((name) => `\`${name}\``).join(', ')}, and there is no internet in it.`,
      hint: 'That is on purpose: the workbench works without a network. `pip install` finds the packages that come with it; `apt-get`, `npm install` and the like work on your own computer.',
    }),
    dismiss: 'Dismiss the notice',
    noTerminal: 'The command goes to the terminal as soon as the workbench is open.',
  },

  progress: {
    heading: 'Your progress',
    about: 'It is in this browser and nowhere else. A file takes it to another computer.',
    labs: (passed) => plural(passed, 'lab passed', 'labs passed'),
    lessons: (read) => plural(read, 'lesson read', 'lessons read'),
    export: 'Save to a file',
    import: 'Bring from a file',
    imported: 'Progress brought from the file.',
    exported: 'Progress saved.',
    fileName: 'semdistro-progress.json',
    nextLab: (title) => `Next lab: ${title}`,
    nextLesson: (title) => `Next lesson: ${title}`,
    backToLesson: (number) => `Back to lesson ${number}`,
    allLessons: 'All lessons',
  },

  trouble: {
    unknown: {
      message: 'It went wrong, and the workbench cannot say why.',
      hint: 'Try again. If that does not help, restart the machine under More.',
    },
    'store-full': {
      message: 'The space that the browser gives to this page is used up.',
      hint: 'Remove the images under More, or free space on the disk.',
    },
    'store-busy': {
      message: 'Another tab is using what is kept.',
      hint: 'Close the other tabs of this page and try again.',
    },
    'store-io': {
      message: 'The browser could not read or write what is kept.',
      hint: 'Reload the page. What was saved stays saved.',
    },
    'source-unreachable': {
      message: "A part of an image could not be fetched: this page's server did not answer.",
      hint: 'Look at your connection and repeat the command. What has come already is kept.',
    },
    'source-refused': {
      message: "This page's server refused a part of an image.",
      hint: 'Reload the page and repeat the command.',
    },
    'source-missing': {
      message: "This page's server does not have a part of an image.",
      hint: 'Whoever published the site needs to publish the images again.',
    },
    'blob-corrupt': {
      message: 'A part of an image arrived damaged, and so it was not used.',
      hint: 'Repeat the command: it is fetched again.',
    },
    'blob-missing': {
      message: 'A part of an image is missing.',
      hint: 'Repeat the command. If that does not help, remove the images under More.',
    },
    'machine-crashed': {
      message: "The workbench's Linux crashed.",
      hint: 'Start it again.',
    },
    'machine-stopped': {
      message: "The workbench's Linux switched itself off.",
      hint: 'Start it again.',
    },
    'machine-missing': {
      message: "This page's server does not have the machine.",
      hint: 'Whoever published the site needs to run `npm run build` to its end.',
    },
    'machine-damaged': {
      message: 'The machine that the server sent is damaged.',
      hint: 'Reload the page. If that does not help, whoever published the site needs to make it again.',
    },
    'code-unreachable': {
      message: "A part of the workbench's program could not be fetched.",
      hint: 'Look at your connection and reload the page. What was saved stays saved.',
    },
    'worker-crashed': {
      message: "The workbench's program crashed.",
      hint: 'Start it again.',
    },
    'lab-unknown': {
      message: 'There is no such lab in this version of the site.',
      hint: 'Reload the page.',
    },
    'too-large': {
      message: 'Your folder has files that are too large to be checked.',
      hint: 'Take out of the folder what is no part of the answer.',
    },
    'image-unknown': { message: 'This image is not here any more.' },
    'not-passed': { message: 'The solution is shown once your answer has passed.' },
    'progress-invalid': {
      message: 'This file is no progress of Sem Distro.',
      hint: 'Choose the file that you saved here, under More.',
    },
    interrupted: { message: 'It was interrupted.' },
    offline: {
      message: 'You are offline, and a part is still to be fetched.',
      hint: 'Get back online and try again.',
    },
  },
};
