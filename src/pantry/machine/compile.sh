#!/bin/sh
# Process 1 of the machine that compiles the guest's programs (src/machine/guest) and nothing else:
# every C file with a main() is a program, the others are a library they may use (musl.c is one). The
# result goes out over ttyS1 as a tar archive whose size is told on the console.
export PATH=/bin:/usr/bin
mount -t proc proc /proc
mount -t devtmpfs devtmpfs /dev
cd /build
mkdir objects programs

musl=/usr/lib/i386-linux-musl
tcc=/usr/lib/i386-linux-gnu/tcc
flags="-include musl.h -nostdinc -I/usr/include/i386-linux-musl -I$tcc/include"
# The kernel's headers, where musl has none of its own.
flags="$flags -I/usr/include/i386-linux-gnu -I/usr/include"

stop() {
  echo "semdistro: $1 does not compile"
  exit 1
}

for source in *.c; do
  # shellcheck disable=SC2086 # they are many
  tcc -c $flags "$source" -o "objects/${source%.c}.o" || stop "$source"
  grep -q '^int main(' "$source" || i686-linux-gnu-ar rcs library.a "objects/${source%.c}.o"
done
for source in $(grep -l '^int main(' *.c); do
  i686-linux-gnu-ld.bfd -static -m elf_i386 -z noexecstack --gc-sections --strip-all \
    -o "programs/${source%.c}" $musl/crt1.o $musl/crti.o "objects/${source%.c}.o" \
    --start-group library.a $musl/libc.a $tcc/libtcc1.a --end-group $musl/crtn.o || stop "$source"
done

tar -c -f programs.tar -C programs .
stty raw -echo </dev/ttyS1
echo "semdistro: compiled $(stat -c %s programs.tar) bytes"
cat programs.tar >/dev/ttyS1
exec sleep 1000
