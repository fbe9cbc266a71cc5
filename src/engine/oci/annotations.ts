/**
 * Annotations on the descriptors of an image layout's `index.json`. The pantry writes them; the
 * sources that read a pantry (a folder, HTTP) look images up by them.
 */
export const ANNOTATION = {
  /** The whole reference, normalised and with tag: `gcr.io/distroless/static-debian13:nonroot`. */
  refName: 'org.opencontainers.image.ref.name',
  /** containerd's: the whole name too, where `refName` may be a bare tag. */
  containerdName: 'io.containerd.image.name',
  /** Present on a stand-in: the upstream reference it answers for. */
  standsInFor: 'dev.semdistro.stands-in-for',
  /** Beside it: a JSON array of sentences, one per difference from upstream. May be missing or `[]`. */
  differs: 'dev.semdistro.differs',
} as const;
