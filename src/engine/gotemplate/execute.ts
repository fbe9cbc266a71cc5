import { EngineError } from '../errors.ts';
import { CallError, type TemplateFunction } from './functions.ts';
import {
  type BranchNode,
  type CommandNode,
  type Node,
  type Operand,
  type PipeNode,
  show,
} from './nodes.ts';
import { checkLength, printValue } from './print.ts';
import { type GoValue, isSlice, isTrue, sortedKeys, typeName } from './value.ts';

/** Nodes evaluated before a template is called hostile: nested ranges multiply. */
const MAX_STEPS = 1_000_000;

export interface Execution {
  readonly name: string;
  readonly text: string;
  readonly nodes: readonly Node[];
  readonly functions: ReadonlyMap<string, TemplateFunction>;
  /** Fail where a map lacks the key; otherwise it is `<no value>`. */
  readonly strictKeys: boolean;
  /** Takes the output piece by piece, also what came before an error. */
  write(text: string): void;
}

type Flow = 'next' | 'break' | 'continue';

/** A value, and the type it is known by: an element of `map[string]interface {}` is an `interface {}`. */
interface Typed {
  readonly value: GoValue;
  readonly type: string;
}

/** Runs a template over `data`. Errors: EngineError `template-failed` with Go's message. */
export function execute(run: Execution, data: GoValue): void {
  const variables: { readonly name: string; value: GoValue }[] = [{ name: '$', value: data }];
  let steps = 0;
  let length = 0;
  walkAll(run.nodes, data);

  function write(text: string): void {
    length += text.length;
    checkLength(length);
    run.write(text);
  }

  function fail(node: Operand | CommandNode, message: string): never {
    const before = run.text.slice(0, node.position);
    const line = before.split('\n').length;
    // Go counts bytes.
    const column = new TextEncoder().encode(before.slice(before.lastIndexOf('\n') + 1)).length;
    throw new EngineError(
      'template-failed',
      `template: ${run.name}:${line}:${column}: executing ${JSON.stringify(run.name)} at <${show(node)}>: ${message}`,
    );
  }

  function step(): void {
    if (++steps > MAX_STEPS) {
      throw new EngineError('template-too-large', 'the template takes too many steps');
    }
  }

  function walkAll(nodes: readonly Node[], dot: GoValue): Flow {
    for (const node of nodes) {
      const flow = walk(node, dot);
      if (flow !== 'next') return flow;
    }
    return 'next';
  }

  function walk(node: Node, dot: GoValue): Flow {
    step();
    switch (node.kind) {
      case 'text':
        write(node.text);
        return 'next';
      case 'action': {
        const value = evalPipeline(node.pipe, dot);
        if (node.pipe.variables.length === 0) write(printValue(value));
        return 'next';
      }
      case 'break':
      case 'continue':
        return node.kind;
      case 'if':
      case 'with': {
        const mark = variables.length;
        const value = evalPipeline(node.pipe, dot);
        const inner = node.kind === 'with' ? value : dot;
        const flow = isTrue(value) ? walkAll(node.body, inner) : walkAll(node.otherwise ?? [], dot);
        variables.length = mark;
        return flow;
      }
      case 'range': {
        const mark = variables.length;
        const flow = walkRange(node, dot);
        variables.length = mark;
        return flow;
      }
    }
  }

  function walkRange(node: BranchNode, dot: GoValue): Flow {
    const declared = node.pipe.variables;
    const value = evalPipeline(node.pipe, dot);
    let ran = false;
    for (const [key, item] of items(node, value)) {
      ran = true;
      step();
      const mark = variables.length;
      const [first, second] = declared;
      if (first !== undefined) bind(node.pipe, first, second === undefined ? item : key);
      if (second !== undefined) bind(node.pipe, second, item);
      const flow = walkAll(node.body, item);
      variables.length = mark;
      if (flow === 'break') break;
    }
    return ran ? 'next' : walkAll(node.otherwise ?? [], dot);
  }

  function* items(node: BranchNode, value: GoValue): Iterable<readonly [GoValue, GoValue]> {
    if (value === undefined || value === null) return;
    if (typeof value === 'number' && Number.isInteger(value)) {
      for (let index = 0; index < value; index++) yield [index, index];
    } else if (typeof value === 'object' && value.kind === 'slice') {
      yield* value.items.entries();
    } else if (typeof value === 'object' && value.kind === 'map') {
      for (const key of sortedKeys(value)) yield [key, value.entries.get(key)];
    } else {
      const last = node.pipe.commands.at(-1)?.args[0] ?? node.pipe;
      fail(last, `range can't iterate over ${printValue(value)}`);
    }
  }

  function bind(pipe: PipeNode, name: string, value: GoValue): void {
    if (!pipe.assigns) {
      variables.push({ name, value });
      return;
    }
    const variable = variables.findLast((candidate) => candidate.name === name);
    if (variable) variable.value = value;
  }

  function evalPipeline(pipe: PipeNode, dot: GoValue): GoValue {
    step();
    let piped: { readonly value: GoValue } | undefined;
    for (const command of pipe.commands) piped = { value: evalCommand(command, dot, piped) };
    const value = piped?.value;
    // In a range the pipeline's variables are the loop's: they are bound item by item.
    for (const name of pipe.variables) bind(pipe, name, value);
    return value;
  }

  function evalCommand(
    command: CommandNode,
    dot: GoValue,
    piped: { readonly value: GoValue } | undefined,
  ): GoValue {
    const [first, ...rest] = command.args;
    if (first.kind === 'function') return evalFunction(first, command, rest, dot, piped);
    if (rest.length > 0 || piped) {
      if (first.kind === 'field') {
        const called = callMethod(first, rest, dot, piped);
        if (called) return called.value;
      }
      if (first.kind === 'field' || first.kind === 'chain' || first.kind === 'variable') {
        const last = first.path.at(-1);
        // The field itself must exist before its arguments are complained of.
        evalOperand(first, dot);
        if (last !== undefined) fail(first, `${last} is not a method but has arguments`);
      }
      fail(first, `can't give argument to non-function ${show(first)}`);
    }
    if (first.kind === 'nil') fail(first, 'nil is not a command');
    return evalOperand(first, dot);
  }

  function callMethod(
    node: Operand & { readonly kind: 'field' },
    operands: readonly Operand[],
    dot: GoValue,
    piped: { readonly value: GoValue } | undefined,
  ): { readonly value: GoValue } | undefined {
    const name = node.path.at(-1) ?? '';
    const owner = follow(node, dot, node.path.slice(0, -1));
    if (typeof owner !== 'object' || owner === null) return undefined;
    if (owner.kind !== 'struct' && owner.kind !== 'map') return undefined;
    const method = owner.methods?.get(name);
    if (!method) return undefined;
    const args = operands.map((operand) => evalOperand(operand, dot));
    if (piped) args.push(piped.value);
    const [only] = args;
    if (args.length !== 1) {
      fail(node, `wrong number of args for ${name}: want 1 got ${args.length}`);
    }
    if (typeof only === 'string') return { value: method(only) };
    return fail(node, `wrong type for value; expected string; got ${typeName(only)}`);
  }

  function evalOperand(node: Operand, dot: GoValue): GoValue {
    step();
    switch (node.kind) {
      case 'pipe': {
        const mark = variables.length;
        const value = evalPipeline(node, dot);
        variables.length = mark;
        return value;
      }
      case 'dot':
        return dot;
      case 'nil':
        return null;
      case 'bool':
      case 'number':
      case 'string':
        return node.value;
      case 'function':
        return evalFunction(node, node, [], dot, undefined);
      case 'field':
        return follow(node, dot, node.path);
      case 'variable': {
        const variable = variables.findLast(({ name }) => name === node.name);
        return follow(node, variable?.value, node.path);
      }
      case 'chain':
        return follow(node, evalOperand(node.base, dot), node.path);
    }
  }

  function follow(node: Operand, start: GoValue, path: readonly string[]): GoValue {
    let typed: Typed = { value: start, type: typeName(start) };
    for (const name of path) typed = field(node, typed, name);
    return typed.value;
  }

  function field(node: Operand, { value, type }: Typed, name: string): Typed {
    if (value === undefined) {
      if (run.strictKeys) fail(node, `nil data; no entry for key ${JSON.stringify(name)}`);
      return { value: undefined, type: 'interface {}' };
    }
    if (value === null) return fail(node, `nil pointer evaluating ${type}.${name}`);
    if (typeof value === 'object') {
      if (value.kind === 'nil') return fail(node, `nil pointer evaluating ${value.type}.${name}`);
      if (value.kind === 'struct') {
        const found = value.fields.get(name);
        if (found) {
          const inner = found.value();
          return { value: inner, type: typeName(inner) };
        }
      }
      if (value.kind === 'map') {
        const element = value.type.slice('map[string]'.length);
        if (value.entries.has(name)) return { value: value.entries.get(name), type: element };
        if (run.strictKeys) fail(node, `map has no entry for key ${JSON.stringify(name)}`);
        return { value: undefined, type: element };
      }
    }
    return fail(node, `can't evaluate field ${name} in type ${type}`);
  }

  function evalFunction(
    node: Operand & { readonly kind: 'function' },
    at: Operand | CommandNode,
    operands: readonly Operand[],
    dot: GoValue,
    piped: { readonly value: GoValue } | undefined,
  ): GoValue {
    if (node.name === 'and' || node.name === 'or') {
      return shortCircuit(node, operands, dot, piped);
    }
    const found = run.functions.get(node.name);
    if (!found) throw new Error(`template function ${node.name} was parsed but is not there`);
    const count = operands.length + (piped ? 1 : 0);
    const wanted = found.takes.length;
    if (found.variadic === true && count < wanted - 1) {
      fail(node, `wrong number of args for ${node.name}: want at least ${wanted - 1} got ${count}`);
    }
    if (found.variadic !== true && count !== wanted) {
      fail(node, `wrong number of args for ${node.name}: want ${wanted} got ${count}`);
    }
    const args = operands.map((operand, index) => {
      const value = evalOperand(operand, dot);
      return argument(found, index, value, operand);
    });
    if (piped) args.push(argument(found, args.length, piped.value, node));
    try {
      return found.call(args);
    } catch (error) {
      if (error instanceof CallError) fail(at, `error calling ${node.name}: ${error.message}`);
      throw error;
    }
  }

  function argument(
    found: TemplateFunction,
    index: number,
    value: GoValue,
    operand: Operand,
  ): GoValue {
    const type = found.takes[Math.min(index, found.takes.length - 1)] ?? 'any';
    const fits =
      type === 'any' ||
      (type === 'string' && typeof value === 'string') ||
      (type === 'int' && typeof value === 'number' && Number.isInteger(value)) ||
      // Named types of string slices are assignable, what JSON decoded to is not.
      (type === '[]string' && isSlice(value) && value.type !== '[]interface {}');
    if (fits) return value;
    const constant =
      operand.kind === 'number' || operand.kind === 'bool' || operand.kind === 'string';
    if (constant) {
      const expected = type === 'int' ? 'integer' : type;
      return fail(operand, `expected ${expected}; found ${show(operand)}`);
    }
    if (value === undefined || value === null) {
      return fail(operand, `invalid value; expected ${type}`);
    }
    return fail(operand, `wrong type for value; expected ${type}; got ${typeName(value)}`);
  }

  function shortCircuit(
    node: Operand & { readonly kind: 'function' },
    operands: readonly Operand[],
    dot: GoValue,
    piped: { readonly value: GoValue } | undefined,
  ): GoValue {
    if (operands.length === 0 && !piped) {
      fail(node, `wrong number of args for ${node.name}: want at least 1 got 0`);
    }
    const stopsAt = node.name === 'or';
    let value: GoValue;
    for (const operand of operands) {
      value = evalOperand(operand, dot);
      if (isTrue(value) === stopsAt) return value;
    }
    return piped ? piped.value : value;
  }
}
