/** Where things are in the guest. The agent makes these places; src/machine/guest has their other side. */
export const NINEP = '/run/semdistro/9p';
export const WORKSPACE = '/workspace';
export const KEEPER = '/run/semdistro/bin/keeper';
export const ENTRY = '/run/semdistro/bin/entry';
export const CRUN = '/usr/bin/crun';
export const INIT = '/usr/bin/tini-static';

/** What crun remembers of containers, a folder each. */
export const CRUN_STATE = '/run/crun';
/** On the guest's own tmpfs: what is written once and read once. */
export const SCRATCH = '/run/semdistro';

/** A container's control group, as OCI's cgroupsPath and as a folder. */
export const cgroupPath = (id: string): string => `/semdistro/${id}`;
export const cgroupFolder = (id: string): string => `/sys/fs/cgroup${cgroupPath(id)}`;

/** Where the machine itself has a container's /dev/shm mounted, for others to share. */
export const shmFolder = (id: string): string => `${SCRATCH}/${id}.shm`;

/** What programs that the machine starts for itself find. */
export const GUEST_ENV: readonly string[] = [
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'HOME=/root',
  'LANG=C.UTF-8',
];
