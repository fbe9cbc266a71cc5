import type { Language } from '../../i18n/languages.ts';

/**
 * The recipes say in English how each stand-in differs; here is the same in Portuguese. A test holds
 * that every sentence of a recipe is here.
 */
const PORTUGUESE: Readonly<Record<string, string>> = {
  "BusyBox is Debian's static build with Debian's applets; upstream's has its own configuration and a dynamic C library beside it.":
    'O BusyBox é o do Debian, estático e com os applets do Debian; o original tem configuração própria e uma biblioteca C dinâmica ao lado.',
  "Made from Debian 13 packages (listed in /var/lib/dpkg/status.d) and not from Wolfi's; there is no apk database and no SBOM in it.":
    'Feita com pacotes do Debian 13 (listados em /var/lib/dpkg/status.d) e não com os do Wolfi; não traz banco do apk nem SBOM.',
  "Python is 3.13, Debian's, where upstream's latest is newer and moves.":
    'O Python é o 3.13 do Debian; o latest do original é mais novo e muda.',
  "Python is 3.13, Debian's, where upstream's latest-dev is newer and moves.":
    'O Python é o 3.13 do Debian; o latest-dev do original é mais novo e muda.',
  "Python's standard library comes with compiled bytecode (__pycache__), which upstream does not have; an emulated machine would start without it in tens of seconds.":
    'A biblioteca padrão do Python vem com bytecode compilado (__pycache__), que o original não tem; sem ele, a máquina emulada levaria dezenas de segundos para começar.',
  'It has bash, BusyBox, pip and a compiler (gcc, g++, make), but neither apk nor git nor uv.':
    'Tem bash, BusyBox, pip e compilador (gcc, g++, make), mas não tem apk, git nem uv.',
  'Put together from Debian 13 packages without running their maintainer scripts; what those would have configured is written by the recipe.':
    'Montada com pacotes do Debian 13 sem rodar os scripts deles; o que eles configurariam é escrito pela receita.',
  'No package sources are configured, so apt finds nothing to install until you add some.':
    'Não há repositórios configurados: o apt não acha o que instalar até você pôr algum.',
  "Java is Debian's build of OpenJDK 21 (headless, without windows and sound) and not Eclipse Temurin.":
    'O Java é o OpenJDK 21 do Debian (headless, sem janelas e sem som), e não o Eclipse Temurin.',
  'Based on Debian 13 rather than Ubuntu; the locale is C.UTF-8 rather than en_US.UTF-8; there is no entrypoint that adds certificates.':
    'Sobre Debian 13 em vez de Ubuntu; o locale é C.UTF-8 em vez de en_US.UTF-8; não há entrypoint que acrescente certificados.',
  "GCC is Debian's build of 14, in /usr/bin; upstream compiles its own release into /usr/local.":
    'O GCC é o 14 do Debian, em /usr/bin; o original compila o seu em /usr/local.',
  'It has the compilers for C and C++ and make only, and is based on debian:trixie-slim rather than buildpack-deps, so without Fortran, Go, git, curl and the header files of libraries.':
    'Só tem os compiladores de C e C++ e o make, e parte de debian:trixie-slim em vez de buildpack-deps: fica sem Fortran, Go, git, curl e os cabeçalhos das bibliotecas.',
  "Go is Debian's build of 1.24, moved to /usr/local/go; upstream has the release archive of go.dev, newer patch releases.":
    'O Go é o 1.24 do Debian, levado para /usr/local/go; o original traz o pacote do go.dev, com correções mais novas.',
  'Based on debian:trixie-slim rather than buildpack-deps, so without git, curl, Mercurial, g++ and pkg-config.':
    'Sobre debian:trixie-slim em vez de buildpack-deps: fica sem git, curl, Mercurial, g++ e pkg-config.',
  "Go's build cache has the standard library (as for CGO_ENABLED=0) compiled in it, which upstream has not; an emulated machine would compile it for minutes.":
    'O cache de build do Go já traz a biblioteca padrão compilada (para CGO_ENABLED=0), o que o original não faz; a máquina emulada levaria minutos para compilá-la.',
  'npm is 11.21.2 from the npm registry; there is no Yarn and no corepack.':
    'O npm é o 11.21.2 do registro do npm; não há Yarn nem corepack.',
  "Node is version 20, Debian's, and not 24, since upstream has no 32-bit build of Node 24.":
    'O Node é a versão 20, do Debian, e não a 24: não existe Node 24 oficial de 32 bits.',
  'The Node 24 binary is the official one as the npm registry carries it.':
    'O binário do Node 24 é o oficial, como está no registro do npm.',
  "Python is Debian's build of 3.13, moved to /usr/local with one line of sysconfig changed to say so; upstream compiles its own, newer patch releases.":
    'O Python é o 3.13 do Debian, levado para /usr/local, com uma linha do sysconfig mudada para dizer isso; o original compila o seu, com correções mais novas.',
  "/usr/lib/python3.13 is a link to /usr/local/lib/python3.13, since Debian's interpreter was compiled for /usr; upstream has neither.":
    '/usr/lib/python3.13 é um link para /usr/local/lib/python3.13, porque o interpretador do Debian foi compilado para /usr; o original não tem isso.',
  'No header files, no IDLE, no test suite; pip is the one Debian bundles for virtual environments.':
    'Sem cabeçalhos, sem IDLE e sem a suíte de testes; o pip é o que o Debian embute para ambientes virtuais.',
  "Redis is Debian's build of 8.0 without the modules (JSON, search, time series, probabilistic) that upstream's 8 contains.":
    'O Redis é o 8.0 do Debian, sem os módulos (JSON, busca, séries temporais, probabilísticos) que o 8 original traz.',
  "Protected mode is switched off by the entrypoint, where upstream's program is compiled without it.":
    'O modo protegido é desligado pelo entrypoint; o programa original já é compilado sem ele.',
  "BusyBox 1.37 is Debian's static build (glibc) with Debian's applets; upstream's is built with musl.":
    'O BusyBox 1.37 é o estático do Debian (glibc), com os applets do Debian; o original usa musl.',
  "Rebuilt from Debian 13 packages by the recipes upstream uses; not Google's own bytes, and not signed by Google.":
    'Refeita com pacotes do Debian 13 pela receita do original; não são os bytes do Google, nem têm a assinatura dele.',
  "Package versions are those of Debian's mirror on the day of the lock file, not those of an upstream release.":
    'As versões dos pacotes são as do Debian no dia em que foram fixadas, não as de um lançamento do original.',
  'The configuration has one label, which says that this is a stand-in; upstream has none.':
    'A configuração tem um label, que diz que isto é um dublê; o original não tem nenhum.',
  "Java is Debian's OpenJDK 21 (openjdk-21-jre-headless with its libraries) and not Eclipse Temurin; it lies in /usr/lib/jvm/java-21-openjdk and has neither windows nor sound.":
    'O Java é o OpenJDK 21 do Debian (openjdk-21-jre-headless e suas bibliotecas), e não o Eclipse Temurin; fica em /usr/lib/jvm/java-21-openjdk, sem janelas e sem som.',
  "Node is version 20, Debian's, and not 24, since upstream has no 32-bit build of Node 24; its libraries (ICU, libuv, …) are Debian packages in the same layer.":
    'O Node é a versão 20, do Debian, e não a 24: não existe Node 24 oficial de 32 bits; as bibliotecas dele (ICU, libuv, …) são pacotes do Debian na mesma camada.',
};

/** One difference in a language; undefined where it is not translated. */
export function difference(sentence: string, lang: Language): string | undefined {
  return lang === 'en' ? sentence : PORTUGUESE[sentence];
}
