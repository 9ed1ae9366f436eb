/* SPDX-License-Identifier: GPL-3.0-or-later */

/* With it, unistd.h would define pread64() itself. */
#undef _FORTIFY_SOURCE

#include "test-pread.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

TestPread test_pread = { .max_read = G_MAXSSIZE };

void
test_pread_reset (void)
{
  test_pread = (TestPread) { .max_read = G_MAXSSIZE };
}

ssize_t
pread64 (int fd, void *buffer, size_t length, off_t offset)
{
  test_pread.n_calls++;
  if (test_pread.interrupt_every > 0 && test_pread.n_calls % test_pread.interrupt_every == 0)
    {
      errno = EINTR;
      return -1;
    }
  if (test_pread.n_calls == test_pread.fail_at)
    {
      errno = EIO;
      return -1;
    }
  return syscall (SYS_pread64, fd, buffer, MIN (length, test_pread.max_read), offset);
}
