import { EngineError } from '../errors.ts';
import { type Token, type TokenKind, lex } from './lex.ts';
import {
  type BranchNode,
  type CommandNode,
  type Node,
  type Operand,
  type PipeNode,
  show,
} from './nodes.ts';
import { type NumberError, parseNumber, unquote } from './literals.ts';
import { quote } from '../format/go-quote.ts';

/** Longest template and deepest nesting accepted; nobody types more. */
const MAX_LENGTH = 100_000;
const MAX_DEPTH = 100;

type End = { readonly kind: 'end' } | { readonly kind: 'else' };

/**
 * Parses a template. Errors: EngineError `template-invalid` with Go's own message,
 * `template: NAME:LINE: …`, without Docker's prefix.
 */
export function parse(
  name: string,
  text: string,
  isFunction: (name: string) => boolean,
): readonly Node[] {
  if (text.length > MAX_LENGTH) {
    throw new EngineError(
      'template-invalid',
      `template: ${name}: longer than ${MAX_LENGTH} characters`,
    );
  }
  const tokens = lex(text);
  let at = 0;
  let depth = 0;
  let loops = 0;
  let actionLine = 0;
  let variables = ['$'];

  const peek = (): Token => {
    const token = tokens[at] ?? tokens.at(-1);
    if (!token) throw new Error('a lexer gives at least one token');
    return token;
  };
  const next = (): Token => {
    const token = peek();
    at++;
    return token;
  };
  const peekNonSpace = (): Token => {
    while (peek().kind === 'space') at++;
    return peek();
  };
  const nextNonSpace = (): Token => {
    peekNonSpace();
    return next();
  };
  const fail = (message: string): never => {
    const line = tokens[Math.max(0, Math.min(at, tokens.length) - 1)]?.line ?? 1;
    throw new EngineError('template-invalid', `template: ${name}:${line}: ${message}`);
  };
  const unexpected = (token: Token, context: string): never => {
    if (token.kind !== 'error') return fail(`unexpected ${showToken(token)} in ${context}`);
    if (actionLine === 0 || actionLine === token.line) return fail(token.text);
    const where = ` started at ${name}:${actionLine}`;
    return fail(token.text + (token.text.endsWith(' action') ? where : ` in action${where}`));
  };
  const deeper = <T>(read: () => T): T => {
    if (++depth > MAX_DEPTH) fail(`nested deeper than ${MAX_DEPTH}`);
    const result = read();
    depth--;
    return result;
  };

  const nodes: Node[] = [];
  while (peek().kind !== 'eof') {
    const node = textOrAction();
    if (isEnd(node)) return fail(`unexpected {{${node.kind}}}`);
    nodes.push(node);
  }
  return nodes;

  function itemList(): { readonly list: readonly Node[]; readonly end: End } {
    const list: Node[] = [];
    while (peekNonSpace().kind !== 'eof') {
      const node = textOrAction();
      if (isEnd(node)) return { list, end: node };
      list.push(node);
    }
    next();
    return fail('unexpected EOF');
  }

  function textOrAction(): Node | End {
    const token = nextNonSpace();
    if (token.kind === 'text') return { kind: 'text', text: token.text };
    if (token.kind !== 'left') return unexpected(token, 'input');
    actionLine = token.line;
    const node = deeper(action);
    actionLine = 0;
    return node;
  }

  function action(): Node | End {
    const token = peekNonSpace();
    if (token.kind !== 'keyword') {
      const scope = pipeline('command', 'right');
      return { kind: 'action', pipe: scope };
    }
    next();
    switch (token.text) {
      case 'if':
      case 'range':
      case 'with':
        return branch(token.text);
      case 'end':
        expectRight('end');
        return { kind: 'end' };
      case 'else': {
        const after = peekNonSpace();
        const chained = after.kind === 'keyword' && (after.text === 'if' || after.text === 'with');
        if (!chained) expectRight('else');
        return { kind: 'else' };
      }
      case 'break':
      case 'continue':
        if (loops === 0) return fail(`{{${token.text}}} outside {{range}}`);
        expectRight(`{{${token.text}}}`);
        return { kind: token.text };
      default:
        return fail(`{{${token.text}}} is not supported here`);
    }
  }

  function expectRight(context: string): void {
    const token = nextNonSpace();
    if (token.kind !== 'right') unexpected(token, context);
  }

  function branch(kind: BranchNode['kind']): BranchNode {
    const outer = variables;
    variables = [...variables];
    const pipe = pipeline(kind, 'right');
    if (kind === 'range') loops++;
    const { list: body, end } = itemList();
    if (kind === 'range') loops--;
    let otherwise: readonly Node[] | undefined;
    if (end.kind === 'else') {
      const chained = peek();
      if (chained.kind === 'keyword' && chained.text === kind && kind !== 'range') {
        next();
        otherwise = [deeper(() => branch(kind))];
      } else {
        const rest = itemList();
        if (rest.end.kind !== 'end') fail('expected end; found {{else}}');
        otherwise = rest.list;
      }
    }
    variables = outer;
    return { kind, pipe, body, otherwise };
  }

  function pipeline(context: string, end: TokenKind): PipeNode {
    const position = peekNonSpace().position;
    const declared: string[] = [];
    let assigns = false;
    while (peekNonSpace().kind === 'variable') {
      const mark = at;
      const variable = next();
      const after = peekNonSpace();
      if (after.kind === 'assign' || after.kind === 'declare') {
        next();
        assigns = after.kind === 'assign';
        declared.push(variable.text);
        if (assigns && !variables.includes(variable.text)) {
          fail(`undefined variable ${quote(variable.text)}`);
        }
        variables.push(variable.text);
        break;
      }
      if (after.kind !== 'char' || after.text !== ',') {
        at = mark;
        break;
      }
      next();
      declared.push(variable.text);
      variables.push(variable.text);
      if (context !== 'range' || declared.length >= 2) fail(`too many declarations in ${context}`);
      const kind = peekNonSpace().kind;
      if (kind !== 'variable' && kind !== 'right' && kind !== 'right-paren') {
        fail('range can only initialize variables');
      }
    }
    const commands: CommandNode[] = [];
    for (;;) {
      const token = peekNonSpace();
      if (token.kind === end) {
        next();
        checkPipeline(commands, context);
        return { kind: 'pipe', position, assigns, variables: declared, commands };
      }
      if (!OPERANDS.has(token.kind)) {
        next();
        return unexpected(token, context);
      }
      commands.push(command());
    }
  }

  function checkPipeline(commands: readonly CommandNode[], context: string): void {
    if (commands.length === 0) fail(`missing value for ${context}`);
    for (const [index, { args }] of commands.entries()) {
      if (index > 0 && CONSTANTS.has(args[0].kind)) {
        fail(`non executable command in pipeline stage ${index + 1}`);
      }
    }
  }

  function command(): CommandNode {
    const position = peekNonSpace().position;
    const args: Operand[] = [];
    for (;;) {
      peekNonSpace();
      const found = operand();
      if (found) args.push(found);
      const token = peek();
      if (token.kind === 'right' || token.kind === 'right-paren') break;
      next();
      if (token.kind === 'space') continue;
      if (token.kind === 'pipe') break;
      unexpected(token, 'operand');
    }
    const [first, ...rest] = args;
    if (!first) return fail('empty command');
    return { position, args: [first, ...rest] };
  }

  function operand(): Operand | undefined {
    const node = term();
    if (!node || peek().kind !== 'field') return node;
    const position = peek().position;
    const path: string[] = [];
    while (peek().kind === 'field') path.push(next().text.slice(1));
    if (node.kind === 'field') return { ...node, position, path: [...node.path, ...path] };
    if (node.kind === 'variable') return { ...node, position, path: [...node.path, ...path] };
    if (CONSTANTS.has(node.kind)) return fail(`unexpected . after term ${quote(show(node))}`);
    return { kind: 'chain', base: node, path, position };
  }

  function term(): Operand | undefined {
    const token = nextNonSpace();
    const { text: word, position } = token;
    switch (token.kind) {
      case 'identifier':
        if (!isFunction(word)) fail(`function ${quote(word)} not defined`);
        return { kind: 'function', name: word, position };
      case 'dot':
      case 'nil':
        return { kind: token.kind, position };
      case 'variable':
        if (!variables.includes(word)) fail(`undefined variable ${quote(word)}`);
        return { kind: 'variable', name: word, path: [], position };
      case 'field':
        return { kind: 'field', path: [word.slice(1)], position };
      case 'bool':
        return { kind: 'bool', value: word === 'true', position };
      case 'char-constant':
      case 'number': {
        const value: number | NumberError = parseNumber(word);
        if (typeof value !== 'number') return fail(value.message);
        return { kind: 'number', value, text: word, position };
      }
      case 'string':
      case 'raw-string': {
        const value = unquote(word);
        if (value === undefined) return fail('invalid syntax');
        return { kind: 'string', value, text: word, position };
      }
      case 'left-paren':
        return deeper(() => pipeline('parenthesized pipeline', 'right-paren'));
      default:
        at--;
        return undefined;
    }
  }
}

const OPERANDS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'bool',
  'char-constant',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'raw-string',
  'string',
  'variable',
  'left-paren',
]);

const CONSTANTS: ReadonlySet<string> = new Set(['bool', 'dot', 'nil', 'number', 'string']);

function isEnd(node: Node | End): node is End {
  return node.kind === 'end' || node.kind === 'else';
}

function showToken(token: Token): string {
  if (token.kind === 'eof') return 'EOF';
  if (token.kind === 'keyword') return `<${token.text}>`;
  const letters = Array.from(token.text);
  if (letters.length > 10) return `${quote(letters.slice(0, 10).join(''))}...`;
  return quote(token.text);
}
