/** Random operations of src/machine/guest/conformance.c, the same for the same seed. */
function dice(seed: number): (most: number) => number {
  let state = seed * 2654435761;
  return (most) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % most;
  };
}

/** Makes, renames, links and removes among few names; what there is then is asked for now and then. */
export function randomNames(seed: number, length: number): readonly string[] {
  const roll = dice(seed);
  const one = (): string => {
    const depth = 1 + roll(3);
    return Array.from({ length: depth }, () => 'abc'[roll(3)] ?? 'a').join('/');
  };
  const ops: string[] = [];
  for (let index = 0; index < length; index++) {
    const [path, other] = [one(), one()];
    const kinds = [
      `mkdir ${path} 0755`,
      `mkdir ${path} 0700`,
      `open 1 ${path} rwc 0644`,
      `open 1 ${path} wct 0600`,
      `rename ${path} ${other}`,
      `rename ${path} ${other}`,
      `link ${path} ${other}`,
      `symlink ${other} ${path}`,
      `unlink ${path}`,
      `rmdir ${path}`,
      `chmod ${path} 0${roll(8)}${roll(8)}${roll(8)}`,
      `truncate ${path} ${roll(10_000)}`,
      `lstat ${path} tmos`,
    ];
    ops.push(kinds[roll(kinds.length)] ?? '');
    if (index % 25 === 24) ops.push('tree .');
    if (index % 60 === 59) ops.push('drop', 'tree .');
  }
  return [...ops, 'close 1', 'drop', 'tree .'];
}

/** As `pattern` in conformance.c. */
function pattern(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 16) & 0xff;
  });
}

/**
 * fsx: reads, writes, maps and truncates two files in any order, one made anew (slot 1) and one that is
 * there before, with `below` in it (slot 2).
 */
export function randomData(
  seed: number,
  length: number,
): { readonly below: Uint8Array; readonly ops: readonly string[] } {
  const roll = dice(seed);
  const below = pattern(200_000, 77);
  const most = 300_000;
  const ops = ['open 1 new rwc 0644'];
  const names = ['', 'new', 'base'];
  for (let index = 0; index < length; index++) {
    const slot = 1 + roll(2);
    const offset = roll(most);
    const count = 1 + roll(roll(4) === 0 ? 100_000 : 5000);
    const kinds = [
      `pwrite ${slot} ${offset} ${count} ${index}`,
      `pwrite ${slot} ${offset} ${count} ${index}`,
      `pread ${slot} ${offset} ${count}`,
      `pread ${slot} ${offset} ${count}`,
      `ftruncate ${slot} ${roll(most)}`,
      `truncate ${names[slot] ?? ''} ${roll(most)}`,
      `fstat ${slot} s`,
      // Behind the file's end a map has nothing to read: only what was made to be there.
      `ftruncate ${slot} ${most}`,
      `fsync ${slot}`,
      roll(3) === 0 ? 'drop' : `fstat ${slot} s`,
    ];
    const which = roll(kinds.length + 2);
    if (which < kinds.length) ops.push(kinds[which] ?? '');
    else {
      ops.push(`ftruncate ${slot} ${most}`);
      const inside = `${slot} ${offset % 200_000} ${count}`;
      ops.push(which === kinds.length ? `mapwrite ${inside} ${index}` : `mapread ${inside}`);
    }
    if (index % 40 === 39) ops.push(`close ${slot}`, `open ${slot} ${names[slot] ?? ''} rw 0`);
  }
  for (const slot of [1, 2]) ops.push(`fstat ${slot} s`, `pread ${slot} 0 ${most}`);
  ops.push('drop');
  for (const slot of [1, 2]) ops.push(`fstat ${slot} s`, `pread ${slot} 0 ${most}`);
  return { below, ops };
}
