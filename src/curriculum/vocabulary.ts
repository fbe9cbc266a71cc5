import type { Literal } from './literal.ts';
import type { MdxElement } from './mdx.ts';
import { didYouMean } from '../engine/dockerfile/suggest.ts';

type Kind = 'text' | 'texts' | 'number' | 'flag';

/** What a component of the lessons is given. A `?` may be left out. */
const COMPONENTS: Readonly<Record<string, Readonly<Record<string, Kind | `${Kind}?`>>>> = {
  File: { lab: 'text', path: 'text', stage: 'text?', lines: 'text?' },
  History: { id: 'text' },
  HistoryDiff: { left: 'text', right: 'text' },
  Layers: { image: 'text' },
  Myth: { claim: 'text' },
  Predict: { question: 'text', options: 'texts', answer: 'number' },
  Quiz: { question: 'text' },
  Answer: { right: 'flag?' },
  Side: { left: 'text', right: 'text' },
  Note: {},
  Careful: {},
  OwnDocker: {},
  Term: { id: 'text' },
  Measured: { caption: 'text', unit: 'text', date: 'text', source: 'text' },
  Lab: { slug: 'text' },
};

/** Names of the components that a lesson may use. */
export const COMPONENT_NAMES = Object.keys(COMPONENTS);

/** What is wrong with a component as it is written; [] when nothing is. */
export function elementFaults(element: MdxElement): readonly string[] {
  const { name, props } = element;
  const known = COMPONENTS[name];
  if (known === undefined) {
    const hint = didYouMean(name, COMPONENT_NAMES, { exactCase: true });
    return [`there is no component <${name}>${hint}`];
  }
  const faults = [...props.keys()]
    .filter((prop) => !(prop in known))
    .map((prop) => {
      const hint = didYouMean(prop, Object.keys(known), { exactCase: true });
      return `<${name}> takes no ${prop}${hint}`;
    });
  for (const [prop, kind] of Object.entries(known)) {
    if (!props.has(prop)) {
      if (!kind.endsWith('?')) faults.push(`<${name}> needs ${prop}="…"`);
    } else if (!isOf(kind.replace('?', ''), props.get(prop))) {
      faults.push(`<${name}>: ${prop} must be ${SHAPES[kind.replace('?', '') as Kind]}`);
    }
  }
  return [...faults, ...meaningFaults(element)];
}

const SHAPES: Readonly<Record<Kind, string>> = {
  text: 'a text in quotes',
  texts: "a list of texts: {['one', 'two']}",
  number: 'a number: {1}',
  flag: 'there alone, without a value',
};

function isOf(kind: string, value: Literal | undefined): boolean {
  if (kind === 'texts') return Array.isArray(value) && value.length > 1;
  if (kind === 'flag') return value === true;
  return typeof value === (kind === 'text' ? 'string' : kind);
}

function meaningFaults({ name, props, children }: MdxElement): readonly string[] {
  if (name === 'Predict') {
    const options = props.get('options');
    const answer = props.get('answer');
    const inside = Array.isArray(options) && Number(answer) in options;
    return inside ? [] : ['<Predict>: answer must be the index of an option, from 0'];
  }
  if (name === 'Quiz') {
    const answers = children.filter((child) => child === 'Answer').length;
    return answers >= 2 ? [] : ['<Quiz> needs at least two <Answer>'];
  }
  return [];
}
