/** An installed package, as its database records it. */
export interface Package {
  readonly manager: 'dpkg' | 'apk';
  readonly name: string;
  readonly version: string;
  /** As the manager spells it, `amd64`, `x86_64`, `all`. */
  readonly architecture: string;
}
