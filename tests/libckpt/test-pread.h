/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TestPread:
 * @n_calls: calls so far
 * @max_read: bytes that one call gives at most
 * @interrupt_every: every so many-th call is interrupted by a signal; 0 for none
 * @fail_at: the call that fails with an error of the disk; 0 for none
 *
 * How the pread() of a test program behaves, which stands in for that of the C library. For one thread.
 */
typedef struct
{
  guint n_calls;
  gsize max_read;
  guint interrupt_every;
  guint fail_at;
} TestPread;

extern TestPread test_pread;

void test_pread_reset (void);

G_END_DECLS
