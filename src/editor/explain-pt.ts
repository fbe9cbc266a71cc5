/** The build checks, by Docker's name for them: what is there, why it matters, what to do. */
export const CHECKS_IN_PORTUGUESE: Readonly<
  Record<string, { readonly what: string; readonly why: string; readonly advice: string }>
> = {
  StageNameCasing: {
    what: 'O nome depois de `AS` tem letra maiúscula.',
    why: 'O Docker compara nomes de estágio sem ligar para maiúsculas e os mostra em minúsculas, mas o `FROM` só aceita o nome em minúsculas. Você lê um nome e o Docker procura outro.',
    advice: 'Escreva o nome do estágio em minúsculas.',
  },
  FromAsCasing: {
    what: '`FROM` e `AS` estão escritos de jeitos diferentes na mesma linha.',
    why: 'Os dois fazem parte da mesma instrução. Escritos igual, o olho acha na hora onde termina a imagem e começa o nome do estágio.',
    advice: 'Escreva FROM e AS do mesmo jeito, os dois em maiúsculas.',
  },
  NoEmptyContinuation: {
    what: 'A instrução continua na linha de baixo, e essa linha está vazia.',
    why: 'O Docker pula a linha vazia e continua juntando: a instrução é mais comprida do que parece. Uma barra esquecida transforma a próxima instrução em argumento.',
    advice: 'Tire a linha vazia, ou comece ela com #.',
  },
  ConsistentInstructionCasing: {
    what: 'Há instruções em maiúsculas e em minúsculas, ou uma que mistura as duas.',
    why: 'Para o Docker tanto faz. Gente lê maiúscula como instrução e o resto como argumento; manter um padrão deixa o arquivo rápido de percorrer.',
    advice: 'Escreva todas do mesmo jeito, de preferência em maiúsculas.',
  },
  DuplicateStageName: {
    what: 'Dois estágios têm o mesmo nome.',
    why: 'Dali em diante o nome é o do último, até num `COPY --from` escrito pensando no primeiro. Nada falha; os arquivos errados são copiados.',
    advice: 'Dê um nome a cada estágio.',
  },
  ReservedStageName: {
    what: 'Um estágio se chama `scratch` ou `context`.',
    why: '`scratch` é a imagem vazia e `context` é a pasta da construção. Um estágio com esse nome esconde o original, ou fica escondido por ele.',
    advice: 'Escolha outro nome.',
  },
  JSONArgsRecommended: {
    what: '`CMD` ou `ENTRYPOINT` está na forma de shell, uma linha de texto comum.',
    why: 'O Docker embrulha a linha em `/bin/sh -c`. O shell vira o processo 1 e não repassa sinais: `docker stop` espera dez segundos e mata. E uma imagem sem shell, como as distroless, nem consegue começar essa linha.',
    advice: 'Escreva o comando como lista JSON: CMD ["programa", "argumento"].',
  },
  MaintainerDeprecated: {
    what: 'O arquivo usa `MAINTAINER`.',
    why: 'Essa instrução grava um campo que quase ninguém mostra. Uma etiqueta diz o mesmo com um nome da especificação OCI, que toda ferramenta lê.',
    advice: 'Use LABEL org.opencontainers.image.authors="…".',
  },
  UndefinedArgInFrom: {
    what: '`FROM` usa uma variável que nenhum `ARG` acima do primeiro `FROM` declara.',
    why: '`FROM` só enxerga essas e as de plataforma. Um nome não declarado vale vazio, e a linha passa a falar de outra imagem, ou de nenhuma.',
    advice: 'Declare a variável com ARG antes do primeiro FROM.',
  },
  WorkdirRelativePath: {
    what: 'O primeiro `WORKDIR` do estágio é um caminho relativo.',
    why: 'Ele conta a partir da pasta de trabalho da imagem base. Se essa imagem mudar a dela, os seus arquivos mudam de lugar junto.',
    advice: 'Comece o caminho com uma barra.',
  },
  UndefinedVar: {
    what: 'A instrução usa uma variável que nem a imagem base nem um `ARG` ou `ENV` acima define.',
    why: 'Variável desconhecida é texto vazio, sem aviso. Um `ARG` acima do primeiro `FROM` não vale dentro do estágio até ser declarado de novo ali.',
    advice: 'Declare com ARG ou ENV antes desta linha, ou corrija o nome.',
  },
  MultipleInstructionsDisallowed: {
    what: 'O estágio tem mais de um `CMD`, `ENTRYPOINT` ou `HEALTHCHECK`.',
    why: 'Uma imagem tem um de cada. O último vale; os outros só enganam quem lê.',
    advice: 'Fique com o último e apague os outros.',
  },
  LegacyKeyValueFormat: {
    what: '`ENV` ou `LABEL` está escrito como nome, espaço, valor.',
    why: 'Nessa forma o resto da linha é o valor, então ela só define uma variável e se lê errado fácil: `ENV A B=c` põe `B=c` em `A`.',
    advice: 'Escreva nome=valor, entre aspas quando o valor tiver espaços.',
  },
  RedundantTargetPlatform: {
    what: '`FROM --platform=$TARGETPLATFORM` pede o que já aconteceria.',
    why: 'A plataforma de destino é o padrão. Escrita, faz quem lê procurar uma diferença que não existe; quem muda algo é `$BUILDPLATFORM`.',
    advice: 'Tire o --platform=$TARGETPLATFORM.',
  },
  SecretsUsedInArgOrEnv: {
    what: 'O nome de um `ARG` ou `ENV` parece o de um segredo.',
    why: 'Os dois ficam na imagem: `ENV` na configuração, `ARG` no histórico. Quem baixa a imagem lê os dois com `docker history` ou `docker inspect`, e apagar numa camada de cima não adianta.',
    advice: 'Na construção use RUN --mount=type=secret; na execução, passe o valor por fora.',
  },
  InvalidDefaultArgInFrom: {
    what: 'Sem `--build-arg`, a imagem de um `FROM` fica vazia ou com um nome inválido.',
    why: 'Assim o arquivo só constrói para quem sabe que argumento passar. Um valor padrão faz construir para todo mundo e documenta o que se espera.',
    advice: 'Dê ao ARG um padrão que forme um nome de imagem válido.',
  },
  FromPlatformFlagConstDisallowed: {
    what: '`FROM --platform` cita uma plataforma fixa.',
    why: 'O estágio é dela, peça a construção o que pedir, e a imagem de outra plataforma leva os programas errados sem avisar.',
    advice: 'Tire a opção, use $BUILDPLATFORM, ou ponha a plataforma no nome do estágio.',
  },
  CopyIgnoredFile: {
    what: '`COPY` ou `ADD` cita um arquivo que o `.dockerignore` deixa fora do contexto.',
    why: 'Para a construção esse arquivo não existe: a instrução falha dizendo que não achou um arquivo que você vê na pasta.',
    advice: 'Tire o padrão do .dockerignore, abra uma exceção com !, ou não copie o arquivo.',
  },
  InvalidDefinitionDescription: {
    what: 'O comentário logo acima de um `ARG` ou `FROM` com nome não começa por esse nome.',
    why: '`docker build --call=outline` e `--call=targets` mostram esses comentários como descrição, e os acham pelo nome no começo.',
    advice: 'Comece o comentário pelo nome, ou deixe uma linha vazia embaixo dele.',
  },
  ExposeProtoCasing: {
    what: 'O protocolo de um `EXPOSE` tem maiúsculas.',
    why: 'As portas são guardadas como `80/tcp`. Escrever igual poupa surpresa a quem compara o que leu com o que escreveu.',
    advice: 'Escreva o protocolo em minúsculas.',
  },
  ExposeInvalidFormat: {
    what: '`EXPOSE` traz um endereço ou uma porta da máquina de fora.',
    why: 'A imagem não decide que porta da máquina ela vai ganhar. Hoje o Docker joga essa parte fora; um dia vai recusar.',
    advice: 'Cite só a porta do contêiner; quem liga com a de fora é docker run -p.',
  },
};

/** Mistakes that stop a build, by the engine's code: what to do about them. */
export const MISTAKES_IN_PORTUGUESE: Readonly<Record<string, string>> = {
  'unknown-instruction':
    'Cada linha começa com uma instrução (FROM, COPY, RUN…). Se esta continua a de cima, termine a de cima com uma barra invertida.',
  'no-stage': 'Comece com FROM; antes dele só pode vir ARG.',
  'empty-dockerfile': 'Um Dockerfile precisa de um FROM, por exemplo FROM scratch.',
  'unknown-flag': 'Esta instrução não tem essa opção. Confira o nome.',
  'duplicate-flag': 'A opção aparece duas vezes. Fique com uma.',
  'flag-value': 'A opção precisa de um valor certo depois do sinal de igual.',
  'missing-argument': 'Falta um argumento nesta instrução.',
  'missing-equals': 'Escreva nome=valor.',
  'from-arguments': 'FROM leva uma imagem e, se quiser, AS e um nome: FROM imagem AS nome.',
  'invalid-stage-name': 'Nome de estágio começa com letra; depois pode ter números, -, _ e ponto.',
  'blank-name': 'Falta o nome antes do sinal de igual.',
  'json-strings': 'Na lista JSON, cada argumento vai entre aspas duplas: ["a", "b"].',
  'shell-form': 'SHELL só aceita lista JSON: SHELL ["/bin/sh", "-c"].',
  'empty-volume': 'Diga que pasta é o volume.',
  'heredoc-destination': 'O destino de COPY e ADD não pode ser um texto <<EOF.',
  'unterminated-heredoc':
    'O texto aberto com << nunca termina: falta a linha com a palavra do fim.',
  'line-too-long': 'A linha passa do tamanho que o Docker lê.',
  'duplicate-directive': 'Cada diretiva do topo (syntax, escape, check) só pode aparecer uma vez.',
  'invalid-escape': 'O caractere de escape só pode ser \\ ou `.',
  'invalid-mount':
    'Confira o --mount: type=bind, cache, tmpfs, secret ou ssh, e as chaves de cada um.',
  'invalid-network': 'A rede de um RUN é default, none ou host.',
  'run-security': 'Esta opção precisa de um construtor com permissões especiais, que aqui não há.',
  'onbuild-trigger':
    'Depois de ONBUILD vem outra instrução, que não pode ser FROM, MAINTAINER nem ONBUILD.',
  'remote-source': 'COPY só copia do contexto. Para um endereço da internet existe ADD.',
  retries: 'O número de tentativas é um inteiro, de 0 para cima.',
  healthcheck: 'Escreva HEALTHCHECK CMD comando, ou HEALTHCHECK NONE.',
  'circular-stages': 'Um estágio só pode copiar de estágios acima dele.',
  'forward-stage': 'Ponha o estágio de onde ele copia acima deste.',
  'blank-base': 'O nome da imagem ficou vazio: a variável do FROM não tem valor.',
  'invalid-stage-index': 'Os estágios contam a partir de 0, e este número não existe.',
  'bad-substitution':
    'Há algo errado dentro de um ${…}: confira a chave que fecha e o modificador.',
};
