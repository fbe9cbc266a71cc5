/** What programs of the guest find in their environment. */
export const GUEST_ENV: readonly string[] = [
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'HOME=/root',
  'LANG=C.UTF-8',
  'SHELL=/bin/bash',
  'USER=root',
];
