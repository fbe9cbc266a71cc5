import type { CommandWords } from './words.ts';

const engine = `  --engine MOTOR  auto (o padrão), docker, podman ou embedded. "auto" usa o
                  Docker ou o Podman que responder, senão o motor embutido`;
const lang = `  --lang LÍNGUA   pt-BR ou en; sem ela, a do ambiente`;
const folder = `Numa pasta feita por \`semdistro start\`, o LAB e a pasta já são conhecidos.`;

/** `--help` of each command. */
export const helpPt: CommandWords['help'] = {
  list: `Uso:  semdistro list [--json]

Os laboratórios, na ordem das aulas, e o que você já fez.

Opções:
  --json          Uma lista para programas lerem
${lang}
`,
  start: `Uso:  semdistro start LAB [PASTA]

Faz uma pasta com os arquivos de um laboratório. Sem PASTA, ela se chama como
o LAB. Uma pasta que já tem alguma coisa não é tocada.

Opções:
${lang}
`,
  verify: `Uso:  semdistro verify [LAB] [OPÇÕES]

Verifica a sua resposta e diz o que falta, e por quê.
${folder}

Opções:
  --dir PASTA     Onde está a sua resposta
${engine}
  --only CHECAGEM Só esta checagem (e as de que ela precisa); pode repetir
  --json          O resultado em JSON (labs/verify.schema.json)
  --junit         O resultado em XML do JUnit, para CI
${lang}

Código de saída: 0 passou, 1 uma resposta está errada, 2 alguma coisa está
quebrada ou o comando foi mal usado.
`,
  watch: `Uso:  semdistro watch [LAB] [OPÇÕES]

Verifica de novo a cada vez que você salva um arquivo. No terminal, estas
teclas: h dica, l lista, r recomeçar, q sair, Enter verificar de novo.
${folder}

Opções:
  --dir PASTA     Onde está a sua resposta
${engine}
  --only CHECAGEM Só esta checagem (e as de que ela precisa); pode repetir
  --skip PASSO    Pula um passo, onde eles se confirmam sozinhos; pode repetir
  --note TEXTO    Por que foi pulado: uma nota para você mesmo
${lang}
`,
  hint: `Uso:  semdistro hint [LAB] [--json]

Uma dica de cada vez, primeiro as da checagem que falhou por último.
${folder}

Opções:
  --json          A dica, as já dadas e quantas faltam, para programas lerem
${lang}
`,
  solution: `Uso:  semdistro solution [LAB] [--spoil]

Mostra uma solução como um diff contra a sua pasta, depois que a sua passou.
Há outras boas: a verificação aceita qualquer uma que chegue ao mesmo estado.

Opções:
  --dir PASTA     Onde está a sua resposta
  --spoil         Mostra mesmo antes de passar
${lang}
`,
  reset: `Uso:  semdistro reset [LAB] [--yes]

Põe os arquivos do início de volta. Os seus são guardados antes, em
.semdistro/backup-… da mesma pasta.

Opções:
  --dir PASTA     Onde está a sua resposta
  --yes           Não pergunta
${lang}
`,
  status: `Uso:  semdistro status [--json]

O que você já começou, o que passou, e onde está cada pasta.

Opções:
  --json          Para programas lerem
${lang}
`,
  doctor: `Uso:  semdistro doctor [--json]

De que esta instalação é feita, o que há nesta máquina para rodar os
laboratórios, e como arrumar o que falta. O código de saída é 1 quando falta
alguma coisa.

Opções:
  --json          Para programas lerem
${lang}
`,
};
