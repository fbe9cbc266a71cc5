import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../errors.ts';
import { parseTemplate } from './template.ts';
import { type GoValue, fromJson, goField, goMap, goStrings, goStruct } from './value.ts';

const RUNS = Number(process.env['SEMDISTRO_FUZZ_RUNS'] ?? 300);

/** Shaped as `docker image inspect` has it. */
const image = goStruct('types.ImageInspect', {
  Id: goField('sha256:1aa76a5a'),
  Config: goField(
    goStruct('*container.Config', {
      Env: goField(goStrings(['PATH=/bin', 'X=1', 'Y=two words'])),
      Cmd: goField(goStrings(['sh', '-c', "echo <hi> & 'x'"], 'strslice.StrSlice')),
      Entrypoint: goField(goStrings(null, 'strslice.StrSlice')),
      Healthcheck: goField({ kind: 'nil', type: '*container.HealthConfig' }, { omitEmpty: true }),
      Volumes: goField(goMap(null, 'map[string]struct {}')),
      Labels: goField(goMap({ q: '1', a: 'b' })),
    }),
  ),
  Size: goField(2024598),
  Empty: goField(''),
});

const raw = fromJson({
  Id: 'sha256:1aa76a5a',
  Config: { Env: ['A=1'], Cmd: null },
  Size: 12,
});

function render(template: string, data: GoValue = image): string {
  return parseTemplate(template).render(data);
}

function failure(run: () => unknown): { code: string; message: string } {
  try {
    run();
  } catch (error) {
    if (error instanceof EngineError) return { code: error.code, message: error.message };
    throw error;
  }
  return { code: 'nothing was thrown', message: '' };
}

// What Docker 26 printed for the same template and the same image.
const PRINTS: readonly (readonly [template: string, printed: string])[] = [
  ['plain', 'plain'],
  ['', ''],
  ['{{.Id}}', 'sha256:1aa76a5a'],
  ['{{.Config.Env}}', '[PATH=/bin X=1 Y=two words]'],
  ['{{.Config.Labels}}', 'map[a:b q:1]'],
  ['{{.Config.Labels.q}}', '1'],
  ['{{.Config.Labels.nope}}', '<no value>'],
  ['{{index .Config.Labels "nope"}}|', '|'],
  ['{{.Config.Healthcheck}}', '<nil>'],
  ['{{.Config.Entrypoint}} {{.Config.Volumes}}', '[] map[]'],
  ['{{json .Config.Cmd}}', '["sh","-c","echo <hi> & \'x\'"]'],
  ['{{json .Config.Entrypoint}} {{json .Config.Volumes}}', 'null null'],
  ['{{json .Config.Labels}}', '{"a":"b","q":"1"}'],
  ['{{len .Config.Env}}', '3'],
  ['{{len "é"}}', '2'],
  ['{{range .Config.Env}}{{println .}}{{end}}', 'PATH=/bin\nX=1\nY=two words\n'],
  ['{{range $i, $e := .Config.Env}}{{$i}}={{$e}};{{end}}', '0=PATH=/bin;1=X=1;2=Y=two words;'],
  ['{{range $k, $v := .Config.Labels}}{{$k}}{{$v}} {{end}}', 'ab q1 '],
  ['{{range $e := .Config.Env}}{{$e}} {{end}}', 'PATH=/bin X=1 Y=two words '],
  ['{{range .Config.Entrypoint}}x{{else}}none{{end}}', 'none'],
  ['{{range 3}}{{.}}{{end}}', '012'],
  ['{{range .Config.Env}}{{break}}{{end}}ok', 'ok'],
  ['{{range 4}}{{if eq . 2}}{{continue}}{{end}}{{.}}{{end}}', '013'],
  ['{{with .Config}}{{.Cmd}}{{end}}', "[sh -c echo <hi> & 'x']"],
  ['{{with .Empty}}a{{else}}b{{end}}', 'b'],
  ['{{with .Empty}}a{{else with .Id}}{{.}}{{end}}', 'sha256:1aa76a5a'],
  ['{{if .Empty}}a{{else if .Id}}b{{else}}c{{end}}', 'b'],
  ['{{if and .Id .Size}}a{{end}}{{if not .Empty}}b{{end}}', 'ab'],
  ['{{split .Id ":"}}', '[sha256 1aa76a5a]'],
  ['{{index (split .Id ":") 0 | upper | title}}', 'SHA256'],
  ['{{title "the end"}}', 'The End'],
  [
    '{{pad "a" 1 2}}|{{truncate .Id 6}}|{{join .Config.Env ","}}',
    ' a  |sha256|PATH=/bin,X=1,Y=two words',
  ],
  ['{{eq .Size 3}} {{lt 1 2}} {{and 0 1}} {{or 0 "x"}} {{not 1}}', 'false true 0 x false'],
  [
    '{{eq .Size 1 2 2024598}} {{ne 1 2}} {{le 2 2}} {{gt "b" "a"}} {{ge 1 2}}',
    'true true true true false',
  ],
  ["{{1.5}} {{0x10}} {{'a'}} {{true}} {{-3}}", '1.5 16 97 true -3'],
  ['{{"a\\n\\u00e9"}}{{`r\\n`}}', 'a\né' + 'r\\n'],
  ['{{slice .Id 0 6}} {{slice .Config.Env 1}}', 'sha256 [X=1 Y=two words]'],
  ['{{index .Config.Env 0 1}}', '65'],
  ['{{ .Id | printf "%s" }}', 'sha256:1aa76a5a'],
  ['{{.Id|}}', 'sha256:1aa76a5a'],
  ['{{(len .Id)}} {{(.Config).Entrypoint}}', '15 []'],
  [
    '{{printf "%d %s %v %q %5d|%-5s|%x" 1 "a" .Config.Env "q" 3 "ab" 255}}',
    '1 a [PATH=/bin X=1 Y=two words] "q"     3|ab   |ff',
  ],
  ['{{printf "%05d %+d %.2f %t %c %%" 42 7 1.5 true 65}}', '00042 +7 1.50 true A %'],
  [
    '{{printf "%d" "a"}} {{printf "%s"}} {{printf "a" 1}}',
    '%!d(string=a) %!s(MISSING) a%!(EXTRA int=1)',
  ],
  ['{{print 1 2 "a" "b" 3}} {{println 1 "a"}}', '1 2a b3 1 a\n'.replace('2a b', '2ab')],
  ['{{/* c */}}x{{- /* d */ -}} y', 'xy'],
  ['a  {{- 1 -}}  b', 'a1b'],
  ['a {{ 1 }} b', 'a 1 b'],
  ['{{$x := 3}}{{$x}}{{if true}}{{$x = 4}}{{end}}{{$x}}', '34'],
  ['{{$x := 3}}{{if true}}{{$x := 4}}{{$x}}{{end}}{{$x}}', '43'],
  ['{{with $c := .Config}}{{len $c.Env}}{{end}}', '3'],
  ['{{range .Config.Env}}{{$.Id}} {{end}}', 'sha256:1aa76a5a '.repeat(3)],
  ['{{if or .Empty (eq (len .Config.Env) 3)}}yes{{end}}', 'yes'],
  ['{{\n.Size\n}}', '2024598'],
];

test.each(PRINTS)('%s prints %s', (template, printed) => {
  expect(render(template)).toBe(printed);
});

// Docker 26's message for the same mistake, without its prefix "template parsing error: ".
const MISTAKES: readonly (readonly [template: string, message: string])[] = [
  ['{{foo}}', 'template: :1: function "foo" not defined'],
  ['{{.Id', 'template: :1: unclosed action'],
  ['{{.Id}} {{end}}', 'template: :1: unexpected {{end}}'],
  ['{{else}}', 'template: :1: unexpected {{else}}'],
  ['{{if}}', 'template: :1: missing value for if'],
  ['{{if .Id}}', 'template: :1: unexpected EOF'],
  ['{{$x := 3}}{{$x}}{{$y}}', 'template: :1: undefined variable "$y"'],
  ['{{"a" | 3}}', 'template: :1: non executable command in pipeline stage 2'],
  ['{{@}}', 'template: :1: unexpected "@" in command'],
  ['{{"abc}}', 'template: :1: unterminated quoted string'],
  ['{{`abc}}', 'template: :1: unterminated raw quoted string'],
  ['{{/* c', 'template: :1: unclosed comment'],
  ['{{1a}}', 'template: :1: bad number syntax: "1a"'],
  ['{{(1}}', 'template: :1: unclosed left paren'],
  ['{{)}}', 'template: :1: unexpected right paren'],
  ['{{|}}', 'template: :1: unexpected "|" in command'],
  ['{{nil.x}}', 'template: :1: unexpected . after term "nil"'],
  ['{{break}}', 'template: :1: {{break}} outside {{range}}'],
  ['{{table .Id}}', 'template: :1: function "table" not defined'],
  ['\n\n{{foo}}', 'template: :3: function "foo" not defined'],
];

test.each(MISTAKES)('%s does not parse: %s', (template, message) => {
  expect(failure(() => parseTemplate(template))).toEqual({ code: 'template-invalid', message });
});

const FAILURES: readonly (readonly [template: string, message: string])[] = [
  ['{{.Foo}}', '1:2: executing "" at <.Foo>: can\'t evaluate field Foo in type types.ImageInspect'],
  ['{{.Id.x}}', '1:5: executing "" at <.Id.x>: can\'t evaluate field x in type string'],
  ['{{len}}', '1:2: executing "" at <len>: wrong number of args for len: want 1 got 0'],
  ['{{len .Id .Id}}', '1:2: executing "" at <len>: wrong number of args for len: want 1 got 2'],
  ['{{len 3}}', '1:2: executing "" at <len 3>: error calling len: len of type int'],
  ['{{.Id 3}}', '1:2: executing "" at <.Id>: Id is not a method but has arguments'],
  ['{{. .}}', '1:2: executing "" at <.>: can\'t give argument to non-function .'],
  ['{{nil}}', '1:2: executing "" at <nil>: nil is not a command'],
  [
    '{{eq 1 "a"}}',
    '1:2: executing "" at <eq 1 "a">: error calling eq: incompatible types for comparison',
  ],
  [
    '{{index .Config.Env 7}}',
    '1:2: executing "" at <index .Config.Env 7>: error calling index: index out of range: 7',
  ],
  [
    '{{index .Config.Env "a"}}',
    '1:2: executing "" at <index .Config.Env "a">: error calling index: cannot index slice/array with type string',
  ],
  [
    '{{slice .Id 9 6}}',
    '1:2: executing "" at <slice .Id 9 6>: error calling slice: invalid slice index: 9 > 6',
  ],
  [
    '{{join .Id ","}}',
    '1:7: executing "" at <.Id>: wrong type for value; expected []string; got string',
  ],
  ['{{upper 3}}', '1:8: executing "" at <3>: expected string; found 3'],
  [
    '{{.Config.Healthcheck.Test}}',
    '1:9: executing "" at <.Config.Healthcheck.Test>: nil pointer evaluating *container.HealthConfig.Test',
  ],
  ['a\n{{ .X }}', '2:3: executing "" at <.X>: can\'t evaluate field X in type types.ImageInspect'],
];

test.each(FAILURES)('%s fails: %s', (template, message) => {
  const error = failure(() => render(template));
  expect(error).toEqual({ code: 'template-failed', message: `template: :${message}` });
});

describe('raw JSON with strict keys, as docker inspect falls back to', () => {
  const strict = (template: string): string =>
    parseTemplate(template).render(raw, { strictKeys: true });

  test('keys that are there print', () => {
    expect(strict('{{.Config.Env}} {{.Size}} {{.Config.Cmd}}')).toBe('[A=1] 12 <no value>');
  });

  test.each([
    ['{{.Foo}}', '1:2: executing "" at <.Foo>: map has no entry for key "Foo"'],
    ['{{.Config.Foo}}', '1:9: executing "" at <.Config.Foo>: map has no entry for key "Foo"'],
    ['{{.Id.x}}', '1:5: executing "" at <.Id.x>: can\'t evaluate field x in type interface {}'],
    [
      '{{.Config.Env.x}}',
      '1:9: executing "" at <.Config.Env.x>: can\'t evaluate field x in type interface {}',
    ],
    [
      '{{join .Config.Env ","}}',
      '1:14: executing "" at <.Config.Env>: wrong type for value; expected []string; got []interface {}',
    ],
  ])('%s fails: %s', (template, message) => {
    expect(failure(() => strict(template)).message).toBe(`template: :${message}`);
  });

  test('what was printed before the failure is not lost', () => {
    let seen = '';
    const write = (piece: string): void => {
      seen += piece;
    };
    failure(() => parseTemplate('{{.Id}} {{.Foo}}').render(raw, { strictKeys: true, write }));
    expect(seen).toBe('sha256:1aa76a5a ');
  });
});

test('the name of a template is in its messages', () => {
  expect(failure(() => parseTemplate('{{.Foo}}', 'version').render(image)).message).toBe(
    'template: version:1:2: executing "version" at <.Foo>: can\'t evaluate field Foo in type types.ImageInspect',
  );
});

describe('hostile templates end soon, with a message', () => {
  test.each([
    [
      'deep parentheses',
      '{{' + '('.repeat(5000) + '1' + ')'.repeat(5000) + '}}',
      'template-invalid',
    ],
    ['deep ifs', '{{if 1}}'.repeat(5000) + '{{end}}'.repeat(5000), 'template-invalid'],
    [
      'long else-if chains',
      '{{if 0}}' + '{{else if 0}}'.repeat(5000) + '{{end}}',
      'template-invalid',
    ],
    ['a huge template', 'x'.repeat(200_000), 'template-invalid'],
    [
      'nested ranges',
      '{{range 9999}}{{range 9999}}{{range 9999}}{{end}}{{end}}{{end}}',
      'template-too-large',
    ],
    ['an endless range', '{{range 9007199254740991}}{{end}}', 'template-too-large'],
    ['a huge pad', '{{pad "a" 999999999 0}}', 'template-too-large'],
    ['growing output', '{{range 9999}}{{printf "%9999d" 1}}{{end}}', 'template-too-large'],
    [
      'a variable that doubles',
      '{{$x := "aaaaaaaaaa"}}{{range 60}}{{$x = print $x $x}}{{end}}',
      'template-too-large',
    ],
    [
      'a variable that doubles by join',
      '{{$x := "aaaaaaaaaa"}}{{range 60}}{{$x = join (split $x "") $x}}{{end}}',
      'template-too-large',
    ],
  ])('%s', (_, template, code) => {
    expect(failure(() => render(template)).code).toBe(code);
  });

  test('the same shapes in moderation are fine', () => {
    expect(render('{{' + '('.repeat(50) + '1' + ')'.repeat(50) + '}}')).toBe('1');
    expect(render('{{if 1}}'.repeat(50) + 'x' + '{{end}}'.repeat(50))).toBe('x');
    expect(render('{{range 9}}{{range 9}}x{{end}}{{end}}')).toBe('x'.repeat(81));
  });
});

describe('any text', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '{{',
      '}}',
      '{{-',
      '-}}',
      ' ',
      '.',
      '.Id',
      '.Config',
      '.Env',
      '$',
      '$x',
      ':=',
      '=',
      ',',
      '|',
      '(',
      ')',
      'if',
      'else',
      'end',
      'range',
      'with',
      'len',
      'index',
      'printf',
      'json',
      'and',
      '"a"',
      '`b`',
      '1',
      '-2.5',
      "'c'",
      'nil',
      'true',
      '/*',
      '*/',
      'break',
      '\n',
      '"%s%d"',
      'split',
      'join',
      'slice',
    ),
    fc.string({ maxLength: 4 }),
  );

  test('either renders or fails with a message of its own, always the same', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const outcome = (): string => {
          try {
            return render(pieces.join(''));
          } catch (error) {
            if (!(error instanceof EngineError)) throw error;
            expect(error.code).toMatch(/^template-/);
            return error.message;
          }
        };
        expect(outcome()).toBe(outcome());
      }),
      { numRuns: RUNS },
    );
  });

  test('without delimiters is printed as it is', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('{{')),
        (text) => {
          expect(render(text)).toBe(text);
        },
      ),
      { numRuns: RUNS },
    );
  });

  test('a quoted string prints what was quoted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(render(`{{${render('{{printf "%q" .}}', text)}}}`)).toBe(text);
      }),
      { numRuns: RUNS },
    );
  });
});
