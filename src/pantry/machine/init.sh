#!/bin/sh
# Process 1 of a cold boot, from the initramfs: makes the guest's root in a tmpfs (from which
# pivot_root works, unlike from the initramfs), and becomes the agent there. What fails ends it, and
# with it the kernel, whose last words tell.
set -e
export PATH=/bin

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
while read -r module; do insmod "/modules/$module"; done </modules/list

mount -t tmpfs -o mode=755 root /guest
cd /guest
# The machine's programs are bound over /usr and /etc when 9P is there.
mkdir -p dev etc home media mnt opt proc root run srv sys tmp usr var workspace
mkdir -p var/cache var/lib var/log var/spool var/tmp
ln -s usr/bin bin
ln -s usr/lib lib
ln -s usr/sbin sbin
ln -s ../run var/run
ln -s ../run/lock var/lock
chmod 700 root
chmod 1777 var/tmp

mount -o move /dev dev
mkdir -p dev/pts dev/shm
mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts dev/pts
mount -t tmpfs -o mode=1777 shm dev/shm
ln -sf /proc/self/fd dev/fd
ln -sf fd/0 dev/stdin
ln -sf fd/1 dev/stdout
ln -sf fd/2 dev/stderr
mount -t tmpfs -o mode=755 run run
mount -t tmpfs -o mode=1777 tmp tmp
mkdir -p run/lock run/semdistro/9p
chmod 1777 run/lock
cp -a /programs run/semdistro/bin

mount -o move /sys sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
for controller in $(cat sys/fs/cgroup/cgroup.controllers); do
  echo "+$controller" >sys/fs/cgroup/cgroup.subtree_control
done

ip link set lo up
echo semdistro >/proc/sys/kernel/hostname
mount -o move /proc proc

# What is left of booting must not be in the snapshot.
sync
echo 3 >proc/sys/vm/drop_caches
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
exec /bin/switch_root /guest /run/semdistro/bin/agent
