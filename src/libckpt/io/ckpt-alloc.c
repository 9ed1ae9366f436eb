/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "io/ckpt-alloc.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "io/ckpt-error.h"

static gint n_until_failure = -1; /* atomic */
static gboolean fails_for_good;

/* No lock: tests set it while no other thread runs. */
static gboolean
is_made_to_fail (void)
{
  gint n = g_atomic_int_get (&n_until_failure);

  if (G_LIKELY (n < 0))
    return FALSE;
  if (n > 0 || !fails_for_good)
    g_atomic_int_add (&n_until_failure, -1);
  return n == 0;
}

/**
 * ckpt_alloc_set_failure:
 * @n_good: how many allocations still work; negative for all
 * @for_good: whether all that follow fail too, or only one
 *
 * Makes allocations fail, so that a test can see what happens then.
 */
void
ckpt_alloc_set_failure (gint n_good, gboolean for_good)
{
  fails_for_good = for_good;
  g_atomic_int_set (&n_until_failure, n_good);
}

/**
 * ckpt_try_malloc:
 * @n_bytes: bytes wanted
 * @error: return location
 *
 * Allocates memory whose size a file has a say in.
 *
 * Returns: (transfer full): memory for g_free(), never %NULL unless %CKPT_ERROR_LIMIT is set
 */
gpointer
ckpt_try_malloc (guint64 n_bytes, GError **error)
{
  return ckpt_try_realloc (NULL, n_bytes, error);
}

/**
 * ckpt_try_realloc:
 * @memory: (nullable) (transfer full): memory of g_malloc(); untouched and still the caller's on failure
 * @n_bytes: bytes wanted
 * @error: return location
 *
 * Returns: (transfer full): the memory with its new size, or %NULL with %CKPT_ERROR_LIMIT
 */
gpointer
ckpt_try_realloc (gpointer memory, guint64 n_bytes, GError **error)
{
  gpointer grown = NULL;

  if (n_bytes <= G_MAXSSIZE && !is_made_to_fail ())
    grown = g_try_realloc (memory, MAX (n_bytes, 1));
  if (grown == NULL)
    ckpt_error_set (error, CKPT_ERROR_LIMIT, "out-of-memory",
                    _ ("There is not enough memory for %" PRIu64 " bytes."), n_bytes);
  return grown;
}
