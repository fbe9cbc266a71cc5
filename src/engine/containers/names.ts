import type { Platform } from '../platform.ts';

const ADJECTIVES = (
  'admiring agile amazing awesome bold brave bright busy calm careful charming cheerful clever ' +
  'cool cosmic curious daring dazzling determined dreamy eager eloquent epic fervent focused ' +
  'friendly gallant gentle gifted glad goofy gracious happy hardy hopeful humble inspiring jolly ' +
  'keen kind laughing loving lucid magical merry modest nice nifty nimble optimistic patient ' +
  'peaceful pensive practical proud quirky quiet relaxed serene sharp silly sleepy stoic strange ' +
  'sweet tender thirsty trusting upbeat vibrant vigilant warm wise witty wonderful youthful zealous zen'
).split(' ');

/** People of science and computing, as Docker has them, with more from the south. */
const SURNAMES = (
  'agnesi albattani almeida babbage bardeen bartik bell benz bhabha bohr borg brown cannon carson ' +
  'cerf chagas chandrasekhar chatelet clarke cori cray cruz curie darwin dijkstra einstein elion ' +
  'engelbart euclid euler faraday fermat fermi feynman franklin galileo gauss germain goldberg ' +
  'golick goodall gould haibt hamilton hawking heisenberg herschel hertz hodgkin hopper hypatia ' +
  'jackson jennings jepsen johnson joliot jones kalam kapitsa kepler keller khorana kilby knuth ' +
  'kowalevski lamarr lattes leavitt lehmann liskov lopes lovelace lutz maxwell mayer mccarthy ' +
  'mcclintock meitner mendel mendeleev mirzakhani moore morse murdock napier nash neumann newton ' +
  'nightingale nobel noether noyce oppenheimer oswaldo pare pascal pasteur payne perlman pike planck ' +
  'poincare ptolemy raman ramanujan rhodes ride ritchie robinson roentgen rosalind rubin saha sammet ' +
  'santos schenberg shannon shaw shirley sinoussi stallman stonebraker swanson swartz tesla thompson ' +
  'torvalds turing varahamihira vaughan villani volhard wescoff wiles williams wilson wing wozniak ' +
  'wright yalow yonath zatz'
).split(' ');

/** `adjective_surname`; at the sixth attempt and later with a digit, as Docker's. */
export function randomName(platform: Pick<Platform, 'randomHex'>, attempt: number): string {
  const pick = (words: readonly string[]): string =>
    words[parseInt(platform.randomHex(8), 16) % words.length] ?? '';
  const name = `${pick(ADJECTIVES)}_${pick(SURNAMES)}`;
  return attempt < 5 ? name : `${name}${parseInt(platform.randomHex(8), 16) % 10}`;
}
