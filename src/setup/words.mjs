// What the set-up says to people, in English and in Brazilian Portuguese.

const english = {
  'step-packages': 'Installing the packages of package-lock.json',
  'step-node': 'Installing the pinned Node.js',
  'step-pantry': 'Building the base images from Debian packages',
  'step-machine': 'Booting the machine once and saving it',
  'step-site': 'Building the pages of the workshop',
  running: '{title} …',
  elapsed: '{title} … {seconds} s',
  done: '{title}: done in {seconds} s',
  failed: '{title}: failed.',
  'trouble-network':
    'There seems to be no network: a download did not answer. Check the connection (or the proxy) and run the same command again; it goes on where it stopped.',
  'trouble-disk':
    'The disk is full. Free some space (the set-up needs about 2 GB in this folder) and run the same command again; it goes on where it stopped.',
  'trouble-permission':
    'No permission to write {path}. Give your user that folder, or clone the repository where you may write, and run the same command again.',
  'trouble-other': 'What it said is above. Run the same command again to go on from here.',
  'this-folder': 'to this folder',
  interrupted: 'Interrupted. Run the same command again; it goes on where it stopped.',
  'not-set-up': 'Sem Distro is not set up yet. Run `npm start` in {folder} first.',
  'ready-title': 'Sem Distro is ready.',
  'ready-intro': 'Build a real image out of a real Dockerfile, with no Docker on this machine:',
  'ready-help': 'All there is:',
  'site-at': 'The workshop is open at {address} (Ctrl+C ends it)',
  'docker-found': 'Compared with the real thing: {name} at {host}',
  'docker-absent':
    'No Docker that answers on this machine: the tests that compare with a real one are left out.',
  'docker-no-buildkit':
    '{name} at {host} has no BuildKit: the tests that compare with a real Docker are left out.',
  'docker-required':
    'A real Docker is required (SEMDISTRO_TEST_DOCKER_REQUIRED=1), and none answers.',
  'no-reason': 'no reason given',
};

/** @typedef {keyof typeof english} WordKey */

/** @type {Readonly<Record<WordKey, string>>} */
const portuguese = {
  'step-packages': 'Instalando os pacotes do package-lock.json',
  'step-node': 'Instalando o Node.js na versão fixada',
  'step-pantry': 'Montando as imagens base a partir de pacotes do Debian',
  'step-machine': 'Ligando a máquina uma vez e salvando o estado dela',
  'step-site': 'Montando as páginas da oficina',
  running: '{title} …',
  elapsed: '{title} … {seconds} s',
  done: '{title}: pronto em {seconds} s',
  failed: '{title}: não deu certo.',
  'trouble-network':
    'Parece que não há rede: um download não respondeu. Confira a conexão (ou o proxy) e rode o mesmo comando de novo; ele continua de onde parou.',
  'trouble-disk':
    'O disco está cheio. Libere espaço (a preparação usa cerca de 2 GB nesta pasta) e rode o mesmo comando de novo; ele continua de onde parou.',
  'trouble-permission':
    'Sem permissão para escrever {path}. Dê essa pasta ao seu usuário, ou clone o repositório onde você possa escrever, e rode o mesmo comando de novo.',
  'trouble-other': 'O motivo está acima. Rode o mesmo comando de novo para continuar daqui.',
  'this-folder': 'nesta pasta',
  interrupted: 'Interrompido. Rode o mesmo comando de novo; ele continua de onde parou.',
  'not-set-up': 'O Sem Distro ainda não está preparado. Rode `npm start` em {folder} primeiro.',
  'ready-title': 'Sem Distro está pronto.',
  'ready-intro':
    'Faça uma imagem de verdade com um Dockerfile de verdade, sem Docker nesta máquina:',
  'ready-help': 'Tudo o que há:',
  'site-at': 'A oficina está aberta em {address} (Ctrl+C encerra)',
  'docker-found': 'Comparando com o Docker de verdade: {name} em {host}',
  'docker-absent':
    'Nenhum Docker responde nesta máquina: os testes que comparam com um de verdade ficam de fora.',
  'docker-no-buildkit':
    '{name} em {host} não tem BuildKit: os testes que comparam com um Docker de verdade ficam de fora.',
  'docker-required':
    'Um Docker de verdade é obrigatório (SEMDISTRO_TEST_DOCKER_REQUIRED=1), e nenhum responde.',
  'no-reason': 'sem motivo declarado',
};

/** @typedef {(key: WordKey, values?: Readonly<Record<string, string | number>>) => string} Words */

/**
 * The language of whoever runs the command, by the same variables and order as gettext. Anything
 * that is not Portuguese is answered in English.
 * @param {NodeJS.ProcessEnv} env
 * @returns {'en' | 'pt'}
 */
export function languageOf(env) {
  const locale = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => value);
  return locale !== undefined && /^pt([_.-]|$)/i.test(locale) ? 'pt' : 'en';
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Words} a `{name}` without a value stays as it is
 */
export function wordsFor(env) {
  const table = languageOf(env) === 'pt' ? portuguese : english;
  return (key, values = {}) =>
    table[key].replace(/\{(\w+)\}/g, (whole, /** @type {string} */ name) =>
      String(values[name] ?? whole),
    );
}
