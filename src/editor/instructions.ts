import type { Language } from '../i18n/languages.ts';

/** What the editor offers and says of an instruction. */
export interface InstructionWords {
  readonly flags: readonly string[];
  readonly says: Readonly<Record<Language, string>>;
}

const FILE_FLAGS = ['--chown=', '--chmod=', '--link', '--exclude='];

const say = (portuguese: string, english: string, flags: readonly string[] = []) => ({
  flags,
  says: { 'pt-BR': portuguese, en: english },
});

/** Every instruction that the engine reads, by its name. */
export const INSTRUCTIONS: ReadonlyMap<string, InstructionWords> = new Map(
  Object.entries<InstructionWords>({
    FROM: say('a imagem de onde tudo começa', 'the image everything starts from', ['--platform=']),
    RUN: say('roda um comando e guarda o que mudou', 'runs a command and keeps what changed', [
      ...['--mount=', '--network='],
    ]),
    COPY: say('copia arquivos para a imagem', 'copies files into the image', [
      ...['--from=', ...FILE_FLAGS, '--parents'],
    ]),
    ADD: say('como COPY, e ainda desempacota .tar', 'like COPY, and unpacks .tar files', [
      ...[...FILE_FLAGS, '--checksum=', '--keep-git-dir', '--unpack'],
    ]),
    WORKDIR: say('a pasta em que o resto acontece', 'the folder the rest happens in'),
    ENV: say('variável que fica na imagem', 'a variable that stays in the image'),
    ARG: say('variável só da construção', 'a variable of the build alone'),
    USER: say('com que usuário o programa roda', 'the user the program runs as'),
    ENTRYPOINT: say('o programa que o contêiner é', 'the program that the container is'),
    CMD: say('argumentos padrão, ou o programa', 'default arguments, or the program'),
    EXPOSE: say('anota em que porta o programa escuta', 'notes the port the program listens on'),
    LABEL: say('etiqueta: nome e valor', 'a label: name and value'),
    HEALTHCHECK: say('como saber se está saudável', 'how to tell whether it is healthy', [
      ...['--interval=', '--timeout=', '--start-period=', '--start-interval=', '--retries='],
    ]),
    VOLUME: say('pasta que fica fora da imagem', 'a folder kept out of the image'),
    SHELL: say('o shell da forma sem colchetes', 'the shell of lines without brackets'),
    STOPSIGNAL: say('o sinal que pede para parar', 'the signal that asks it to stop'),
    ONBUILD: say('guarda uma instrução para quem herda', 'an instruction for images made from it'),
    MAINTAINER: say('antigo; use LABEL', 'old; use LABEL'),
  }),
);
