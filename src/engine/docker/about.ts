/** The project's own version. */
export const ENGINE_VERSION = '0.1.0';
/** The Docker whose command line, output and messages this engine follows, and that it is not that Docker. */
export const VERSION = `26.1.5+semdistro${ENGINE_VERSION}`;
export const API_VERSION = '1.45';
