import ts from 'typescript';

/** What only one kind of host has, and what makes a run differ from the last one. */
const names = new Set([
  ...['Buffer', 'process', 'global', 'require', '__dirname', '__filename', 'setImmediate'],
  ...['window', 'document', 'navigator', 'localStorage', 'sessionStorage', 'indexedDB'],
]);
const members = new Set(['Date.now', 'Math.random', 'performance.now', 'crypto.randomUUID']);

/** Uses of a host's globals in a file that must run on any, as `line: what`. */
export function hostGlobals(text: string): readonly string[] {
  const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const own = declaredNames(source);
  const report = (node: ts.Node, what: string): void => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push(`${line + 1}: ${what}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && members.has(node.getText())) {
      report(node, node.getText());
    } else if (ts.isNewExpression(node) && node.getText() === 'new Date()') {
      report(node, 'new Date()');
    } else if (
      ts.isIdentifier(node) &&
      names.has(node.text) &&
      !own.has(node.text) &&
      isFree(node)
    ) {
      report(node, node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Names the file gives to things of its own, anywhere in it. */
function declaredNames(source: ts.SourceFile): ReadonlySet<string> {
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    const binds =
      ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node);
    if (binds && ts.isIdentifier(node.name)) declared.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return declared;
}

/** Whether a name stands for a value here, and not for a property, a key or something declared. */
function isFree(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isVariableDeclaration(parent)) return parent.initializer === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  return ts.isExpression(parent) || ts.isReturnStatement(parent) || ts.isIfStatement(parent);
}
