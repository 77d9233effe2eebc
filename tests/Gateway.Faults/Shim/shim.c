/* Loaded into the gateway under test by LD_PRELOAD: shifts its wall clock, and makes the disk of its store fail, as a small shared file says.
   The monotonic clock, sockets and other disks stay as they are. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* shift: seconds added to civil time; failure: errno of every write to the disk, 0 = none; device: st_dev of that disk. */
static struct { volatile int64_t shift, failure, device; } none, *told = (void *)&none;
static int (*real_clock)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("GATEWAY_FAULTS_FILE");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        void *at = mmap(NULL, sizeof none, PROT_READ, MAP_SHARED, fd, 0);
        if (at != MAP_FAILED) told = at;
        close(fd);
    }
}

int clock_gettime(clockid_t id, struct timespec *t)
{
    if (!real_clock) real_clock = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real_clock(id, t);
    if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) t->tv_sec += told->shift;
    return result;
}

int gettimeofday(struct timeval *restrict t, void *restrict zone)
{
    (void)zone;
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    t->tv_sec = now.tv_sec;
    t->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *t)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (t) *t = now.tv_sec;
    return now.tv_sec;
}

static int fails(int fd)
{
    struct stat file;
    if (told->failure == 0 || fstat(fd, &file) != 0 || !S_ISREG(file.st_mode) || (int64_t)file.st_dev != told->device) return 0;
    errno = (int)told->failure;
    return 1;
}

ssize_t write(int fd, const void *bytes, size_t count) { return fails(fd) ? -1 : syscall(SYS_write, fd, bytes, count); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return fails(fd) ? -1 : syscall(SYS_pwrite64, fd, bytes, count, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) { return fails(fd) ? -1 : syscall(SYS_pwrite64, fd, bytes, count, at); }
int fsync(int fd) { return fails(fd) ? -1 : (int)syscall(SYS_fsync, fd); }
int fdatasync(int fd) { return fails(fd) ? -1 : (int)syscall(SYS_fdatasync, fd); }
int ftruncate(int fd, off_t length) { return fails(fd) ? -1 : (int)syscall(SYS_ftruncate, fd, length); }
int ftruncate64(int fd, off64_t length) { return fails(fd) ? -1 : (int)syscall(SYS_ftruncate, fd, length); }
