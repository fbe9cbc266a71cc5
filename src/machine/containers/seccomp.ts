/** Undefined: no filter. */
export const SECCOMP_PROFILE: object | undefined = undefined;
